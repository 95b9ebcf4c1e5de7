package io.apus.train.log;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each rank prints, in {@code rank-N.log} of one folder. A file that has grown to its limit becomes {@code rank-N.log.1} and a new
 * one begins, so that a rank takes at most twice the limit and its last lines are always there. A start of the run appends.
 */
public final class RankLogs implements AutoCloseable {
    private static final long LIMIT = 4L << 20;

    private final Path folder;
    private final long limit;
    private final Map<Integer, Log> logs = new TreeMap<>();

    /** The logs of the run whose stage folder is {@code output}. */
    public static RankLogs of(Path output) {
        return new RankLogs(output.resolve("logs"), LIMIT);
    }

    /** @param limit bytes of one file */
    public RankLogs(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** Where the logs of the run lie; other things that explain a failure go there too. */
    public Path folder() {
        return folder;
    }

    /** Adds a line, on the disk when this returns. A log that cannot be written is given up: training goes on without it. */
    public synchronized void append(int rank, String line) {
        Log log = logs.computeIfAbsent(rank, n -> new Log(folder.resolve("rank-" + n + ".log"), limit));
        log.append(line);
    }

    @Override
    public synchronized void close() {
        logs.values().forEach(Log::close);
        logs.clear();
    }

    private static final class Log {
        private final Path file;
        private final long limit;
        private Writer out;
        private long size;
        private boolean givenUp;

        private Log(Path file, long limit) {
            this.file = file;
            this.limit = limit;
        }

        private void append(String line) {
            if (givenUp) {
                return;
            }
            try {
                long bytes = line.getBytes(StandardCharsets.UTF_8).length + 1L;
                if (out == null) {
                    open();
                }
                if (size > 0 && size + bytes > limit) {
                    turn();
                }
                out.write(line);
                out.write('\n');
                out.flush();
                size += bytes;
            } catch (IOException fault) {
                givenUp = true;
                System.err.println("cannot write " + file + ", which ends here: " + fault);
            }
        }

        private void open() throws IOException {
            Files.createDirectories(file.getParent());
            out = Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            size = Files.size(file);
        }

        private void turn() throws IOException {
            out.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            open();
        }

        private void close() {
            try {
                if (out != null) {
                    out.close();
                }
            } catch (IOException fault) {
                System.err.println("cannot close " + file + ": " + fault);
            }
        }
    }
}
