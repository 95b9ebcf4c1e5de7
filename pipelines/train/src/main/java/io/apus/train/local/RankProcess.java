package io.apus.train.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.TrainReports;
import io.apus.train.TrainResult;
import io.apus.train.log.RankLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** One rank's process, seen from the process that started it. */
final class RankProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx512m";
    private static final int LINES_OF_LOG = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int rank;
    private final Process process;
    private final Path outcomeFile;
    private final RankLogs logs;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread reader;
    private final Thread logger;
    private volatile RuntimeException refusedReport;

    private RankProcess(int rank, Process process, Path outcomeFile, RankLogs logs, TrainReports reports) {
        this.rank = rank;
        this.process = process;
        this.outcomeFile = outcomeFile;
        this.logs = logs;
        this.reader = new Thread(() -> relay(reports), "rank-" + rank + "-reports");
        this.logger = new Thread(this::keepLog, "rank-" + rank + "-log");
        reader.setDaemon(true);
        logger.setDaemon(true);
    }

    /** @param before words that the command begins with, such as a program that starts it on one core */
    static RankProcess start(
            List<String> before, int rank, List<String> endpoints, Path task, RankLogs logs, TrainReports reports)
            throws IOException {
        Path outcome = task.resolveSibling("outcome-" + rank + ".json");
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.add("-XX:ErrorFile=" + logs.folder().resolve("rank-" + rank + "-crash-%p.log"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LocalRank.class.getName()));
        command.addAll(
                List.of(Integer.toString(rank), String.join(",", endpoints), task.toString(), outcome.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"));
        RankProcess started = new RankProcess(rank, builder.start(), outcome, logs, reports);
        started.reader.start();
        started.logger.start();
        return started;
    }

    /** This process's own flags for modules and native libraries, with a small heap. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Dorg.bytedeco."))
                .toList());
        flags.addAll(List.of(
                HEAP,
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.bytedeco.javacpp.maxbytes=0"));
        return flags;
    }

    /** Libraries print to the same stream; only lines that carry the mark are messages. */
    private void relay(TrainReports reports) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LocalRank.MARK)) {
                    reports.report(line.substring(LocalRank.MARK.length()));
                } else {
                    log(line);
                }
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (RuntimeException e) {
            refusedReport = e;
            process.destroyForcibly();
        }
    }

    private void keepLog() {
        try (BufferedReader lines = process.errorReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log(line);
            }
        } catch (IOException e) {
            log("the rest cannot be read: " + e);
        }
    }

    private void log(String line) {
        logs.append(rank, line);
        synchronized (lastLines) {
            lastLines.add(line);
            if (lastLines.size() > LINES_OF_LOG) {
                lastLines.remove();
            }
        }
    }

    /** Asks it to end after the step at hand. One that is gone cannot be asked, and need not be. */
    void stop() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException gone) {
            log("cannot be asked to stop: " + gone);
        }
    }

    boolean running() {
        return process.isAlive();
    }

    boolean failed() {
        return !process.isAlive() && process.exitValue() != 0;
    }

    /** What it returned, once all its messages have been passed on. */
    TrainResult result() {
        awaitLines();
        return outcome().result();
    }

    private void awaitLines() {
        try {
            reader.join();
            logger.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    RankOutcome outcome() {
        if (refusedReport != null) {
            String message = "its message was refused: " + refusedReport.getMessage();
            return new RankOutcome(rank, RankOutcome.Kind.BUG, message, null);
        }
        try {
            if (Files.exists(outcomeFile)) {
                return JSON.readValue(outcomeFile.toFile(), RankOutcome.class);
            }
            awaitLines();
            String message = "its process ended with exit code " + process.exitValue();
            RankOutcome killed = new RankOutcome(rank, RankOutcome.Kind.KILLED, lastLines(message), null);
            log(message);
            return killed;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read how rank " + rank + " ended", e);
        }
    }

    private String lastLines(String first) {
        synchronized (lastLines) {
            return first + "\n" + String.join("\n", lastLines);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        awaitLines();
    }
}
