package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ranks on a standalone cluster, and what becomes of their training when something breaks. Writes the table of what was measured to
 * {@code target/faults.md}.
 */
class FaultsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FAULT_STEP = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern PROCESS = Pattern.compile("rank \\d+ of 2, attempt (\\d+), .*, process (\\d+)");
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir
    static Path folder;

    private static StandaloneCluster cluster;
    private static StandaloneCluster.Running driver;
    private static String driverSaid;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        cluster = StandaloneCluster.start(home, Files.createDirectories(folder.resolve("cluster")), 2);
        for (String job : List.of("Ingest", "Filter", "Tokenize", "Pack")) {
            StandaloneCluster.Submitted submitted = begin(job).end();
            assertThat(submitted.exitCode()).as(submitted.err()).isZero();
        }
        TABLE.add("| fault | outcome | seconds to abort | steps lost |");
        TABLE.add("|---|---|---|---|");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aKilledRankIsStartedAgain() throws Exception {
        retried("kill -9 of an executor", () -> signal("KILL", rankProcess(1)), 60);
    }

    @Test
    void aNativeCrashIsStartedAgain() throws Exception {
        retried("native crash of a rank (SIGSEGV)", () -> signal("SEGV", rankProcess(1)), 60);
        try (Stream<Path> logs = Files.list(train().resolve("logs"))) {
            assertThat(logs.map(file -> file.getFileName().toString())).anyMatch(name -> name.startsWith("crash-"));
        }
    }

    @Test
    void aRankThatHangsIsGivenUp() throws Exception {
        retried(
                "a rank hangs (SIGSTOP), ddp_timeout 10 s, spark.network.timeout 20 s",
                () -> signal("STOP", rankProcess(1)),
                120);
        try (Stream<Path> logs = Files.list(train().resolve("logs"))) {
            assertThat(logs.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("stall-after-step-"));
        }
    }

    @Test
    void aCutNetworkIsStartedAgain() throws Exception {
        retried("connections between the ranks cut", FaultsIT::cutConnections, 90);
    }

    @Test
    void aJavaErrorEndsTheRun() throws Exception {
        Path checkpoints = train().resolve("checkpoints");
        Path aside = train().resolve("aside");
        ended(
                "Java error in a rank (its checkpoint cannot be written)",
                1,
                () -> {
                    Files.move(checkpoints, aside);
                    Files.createFile(checkpoints);
                },
                () -> {
                    Files.delete(checkpoints);
                    Files.move(aside, checkpoints);
                });
    }

    @Test
    void aLostDriverLeavesTheLastCommit() throws Exception {
        ended(
                "kill -9 of the driver",
                137,
                () -> signal("KILL", driver.process().toHandle()),
                () -> {});
    }

    @Test
    void aDriverThatIsToldToEndStopsWithACheckpoint() throws Exception {
        long lost = ended(
                "SIGTERM to the driver",
                143,
                () -> signal("TERM", driver.process().toHandle()),
                () -> {});
        assertThat(lost).isZero();
        assertThat(driverSaid).contains("train stopped after step", "The same command goes on from there.");
    }

    @Test
    void aRankThatIsToldToEndStopsWithACheckpoint() throws Exception {
        assertThat(ended("SIGTERM to a rank's executor", 143, () -> signal("TERM", rankProcess(1)), () -> {}))
                .isZero();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** The ranks are started again by themselves, and the run ends well. */
    private static void retried(String fault, Action action, int seconds) throws Exception {
        begun();
        long start = System.nanoTime();
        int step = step();
        action.run();
        await("attempt 1", () -> attempt() == 1);
        long abort = System.nanoTime() - start;
        StandaloneCluster.Submitted submitted = driver.end();

        assertThat(submitted.exitCode()).as(submitted.out() + submitted.err()).isZero();
        long resumed = fact("resumed_from_step");
        note(fault, "all ranks started again, the run ends well", abort, Math.max(0, step - resumed));
        assertThat(Duration.ofNanos(abort)).isLessThan(Duration.ofSeconds(seconds));
        assertThat(step - resumed).isLessThanOrEqualTo(20);
        noOrphans();
    }

    /** The run ends with {@code code}; the same command then goes on and ends well. Returns the steps lost. */
    private static long ended(String fault, int code, Action action, Action repair) throws Exception {
        begun();
        long start = System.nanoTime();
        action.run();
        StandaloneCluster.Submitted submitted = driver.end();
        await("the executors' end", () -> cluster.executors().isEmpty());
        long abort = System.nanoTime() - start;
        driverSaid = submitted.err();
        assertThat(submitted.exitCode()).as(submitted.out() + submitted.err()).isEqualTo(code);
        repair.run();
        int step = step();

        StandaloneCluster.Submitted again = begin("Train").end();

        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        long lost = Math.max(0, step - fact("resumed_from_step"));
        note(fault, "exit code " + code + "; the same command goes on", abort, lost);
        assertThat(Duration.ofNanos(abort)).isLessThan(Duration.ofSeconds(60));
        assertThat(lost).isLessThanOrEqualTo(20 + 20);
        noOrphans();
        return lost;
    }

    private static void noOrphans() throws Exception {
        await("the executors' end", () -> cluster.executors().isEmpty());
    }

    private static void note(String fault, String outcome, long nanos, long lost) throws IOException {
        TABLE.add(String.format(Locale.ROOT, "| %s | %s | %.1f | %d |", fault, outcome, nanos / 1e9, lost));
        Files.write(Files.createDirectories(Path.of("target")).resolve("faults.md"), TABLE);
    }

    /** Begins a new training and waits for its first checkpoints. */
    private static void begun() throws Exception {
        delete(train());
        driver = begin("Train");
        await("step " + FAULT_STEP, () -> step() >= FAULT_STEP);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Steps that the training log has. */
    private static int step() throws IOException {
        Path log = train().resolve("logging.jsonl");
        if (!Files.exists(log)) {
            return 0;
        }
        int steps = 0;
        for (String line : Files.readAllLines(log)) {
            if (line.contains("\"loss\"")) {
                steps++;
            }
        }
        return steps;
    }

    private static int attempt() throws IOException {
        return Integer.parseInt(lastGreeting(0).group(1));
    }

    private static ProcessHandle rankProcess(int rank) throws IOException {
        return ProcessHandle.of(Long.parseLong(lastGreeting(rank).group(2))).orElseThrow();
    }

    private static Matcher lastGreeting(int rank) throws IOException {
        Matcher last = null;
        for (String line : Files.readAllLines(train().resolve("logs/rank-" + rank + ".log"))) {
            Matcher greeting = PROCESS.matcher(line);
            last = greeting.matches() ? greeting : last;
        }
        return last;
    }

    private static long fact(String name) throws IOException {
        JsonNode manifest = JSON.readTree(train().resolve("manifest.json").toFile());
        return manifest.findValue(name).asLong();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        output("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Resets every connection that runs between the two ranks, as a firewall that drops its state would. */
    private static void cutConnections() throws Exception {
        String first = "pid=" + rankProcess(0).pid() + ",";
        String second = "pid=" + rankProcess(1).pid() + ",";
        List<String[]> sockets = output("ss", "-Htnp", "state", "established")
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .toList();
        for (String[] one : sockets) {
            boolean toFirst = sockets.stream()
                    .anyMatch(other -> other[other.length - 1].contains(first) && other[2].equals(one[3]));
            if (one[one.length - 1].contains(second) && toFirst) {
                output("ss", "-K", "sport", "=", one[2].substring(one[2].lastIndexOf(':') + 1));
            }
        }
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static StandaloneCluster.Running begin(String job) throws IOException {
        List<String> args = List.of(
                SourceTree.root().resolve("conf/runs/quickstart.yaml").toString(),
                "output_dir=" + out(),
                "cluster.spark_conf={spark.sql.shuffle.partitions: 2, spark.databricks.delta.snapshotPartitions: 1,"
                        + " spark.network.timeout: 20s, spark.network.timeoutInterval: 5s, spark.executor.heartbeatInterval: 2s,"
                        + " spark.executor.extraJavaOptions: -XX:TieredStopAtLevel=1 -XX:+UseSerialGC}",
                "ingest.dataset=[quickstart-qa]",
                "model.create.vocab_size=400",
                "model.create.hidden_size=32",
                "model.create.intermediate_size=64",
                "model.create.num_hidden_layers=2",
                "model.create.num_attention_heads=2",
                "model.create.num_key_value_heads=1",
                "model.create.head_dim=16",
                "train.max_steps=600",
                "train.logging_steps=1",
                "train.save_steps=20",
                "train.eval_strategy=no",
                "train.ddp_timeout=10",
                "train.stall_timeout=3");
        return cluster.begin("io.apus.jobs." + job + "Job", Path.of(System.getProperty("apus.jar")), args);
    }

    private static Path out() {
        return folder.resolve("out");
    }

    private static Path train() {
        return out().resolve("train");
    }
}
