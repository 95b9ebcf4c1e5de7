package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private static final int FAULT_STEP = 50;
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir
    static Path folder;

    private static StandaloneCluster cluster;
    private static TinyTraining training;
    private static Programs.Running driver;
    private static String driverSaid;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        cluster = StandaloneCluster.start(home, Files.createDirectories(folder.resolve("cluster")), 2);
        training = new TinyTraining(cluster, folder.resolve("out"));
        training.prepare();
        TABLE.add("| fault | outcome | seconds to abort | steps lost |");
        TABLE.add("|---|---|---|---|");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aKilledRankIsStartedAgain() throws Exception {
        retried("kill -9 of an executor", () -> TinyTraining.signal("KILL", training.rankProcess(1)), 60);
    }

    @Test
    void aNativeCrashIsStartedAgain() throws Exception {
        retried("native crash of a rank (SIGSEGV)", () -> TinyTraining.signal("SEGV", training.rankProcess(1)), 60);
        try (Stream<Path> logs = Files.list(training.train().resolve("logs"))) {
            assertThat(logs.map(file -> file.getFileName().toString())).anyMatch(name -> name.startsWith("crash-"));
        }
    }

    @Test
    void aRankThatHangsIsGivenUp() throws Exception {
        retried(
                "a rank hangs (SIGSTOP), ddp_timeout 10 s, spark.network.timeout 20 s",
                () -> TinyTraining.signal("STOP", training.rankProcess(1)),
                120);
        try (Stream<Path> logs = Files.list(training.train().resolve("logs"))) {
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
        Path checkpoints = training.train().resolve("checkpoints");
        Path aside = training.train().resolve("aside");
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
                () -> TinyTraining.signal("KILL", driver.process().toHandle()),
                () -> {});
    }

    @Test
    void aDriverThatIsToldToEndStopsWithACheckpoint() throws Exception {
        long lost = ended(
                "SIGTERM to the driver",
                143,
                () -> TinyTraining.signal("TERM", driver.process().toHandle()),
                () -> {});
        assertThat(lost).isZero();
        assertThat(driverSaid).contains("train stopped after step", "The same command goes on from there.");
    }

    @Test
    void aRankThatIsToldToEndStopsWithACheckpoint() throws Exception {
        assertThat(ended(
                        "SIGTERM to a rank's executor",
                        143,
                        () -> TinyTraining.signal("TERM", training.rankProcess(1)),
                        () -> {}))
                .isZero();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** The ranks are started again by themselves, and the run ends well. */
    private static void retried(String fault, Action action, int seconds) throws Exception {
        driver = training.begun(FAULT_STEP);
        long start = System.nanoTime();
        int step = training.step();
        action.run();
        TinyTraining.await("attempt 1", () -> training.attempt() == 1);
        long abort = System.nanoTime() - start;
        Programs.Submitted submitted = driver.end();

        assertThat(submitted.exitCode()).as(submitted.said()).isZero();
        long resumed = training.fact("resumed_from_step");
        note(fault, "all ranks started again, the run ends well", abort, Math.max(0, step - resumed));
        assertThat(Duration.ofNanos(abort)).isLessThan(Duration.ofSeconds(seconds));
        assertThat(step - resumed).isLessThanOrEqualTo(20);
        training.noOrphans();
    }

    /** The run ends with {@code code}; the same command then goes on and ends well. Returns the steps lost. */
    private static long ended(String fault, int code, Action action, Action repair) throws Exception {
        driver = training.begun(FAULT_STEP);
        long start = System.nanoTime();
        action.run();
        Programs.Submitted submitted = driver.end();
        training.noOrphans();
        long abort = System.nanoTime() - start;
        driverSaid = submitted.err();
        assertThat(submitted.exitCode()).as(submitted.said()).isEqualTo(code);
        repair.run();
        int step = training.step();

        Programs.Submitted again = training.begin("Train").end();

        assertThat(again.exitCode()).as(again.said()).isZero();
        long lost = Math.max(0, step - training.fact("resumed_from_step"));
        note(fault, "exit code " + code + "; the same command goes on", abort, lost);
        assertThat(Duration.ofNanos(abort)).isLessThan(Duration.ofSeconds(60));
        assertThat(lost).isLessThanOrEqualTo(20 + 20);
        training.noOrphans();
        return lost;
    }

    private static void note(String fault, String outcome, long nanos, long lost) throws IOException {
        TABLE.add(String.format(Locale.ROOT, "| %s | %s | %.1f | %d |", fault, outcome, nanos / 1e9, lost));
        Files.write(Files.createDirectories(Path.of("target")).resolve("faults.md"), TABLE);
    }

    /** Resets every connection that runs between the two ranks, as a firewall that drops its state would. */
    private static void cutConnections() throws Exception {
        String first = "pid=" + training.rankProcess(0).pid() + ",";
        String second = "pid=" + training.rankProcess(1).pid() + ",";
        List<String[]> sockets = TinyTraining.output("ss", "-Htnp", "state", "established")
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .toList();
        for (String[] one : sockets) {
            boolean toFirst = sockets.stream()
                    .anyMatch(other -> other[other.length - 1].contains(first) && other[2].equals(one[3]));
            if (one[one.length - 1].contains(second) && toFirst) {
                TinyTraining.output("ss", "-K", "sport", "=", one[2].substring(one[2].lastIndexOf(':') + 1));
            }
        }
    }
}
