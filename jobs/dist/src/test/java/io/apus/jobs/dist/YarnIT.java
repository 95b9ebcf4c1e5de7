package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ranks in containers of a real YARN, and what becomes of their training when something breaks. */
class YarnIT {
    private static final int FAULT_STEP = 50;
    private static final String[] CLIENT = {};
    private static final String[] CLUSTER = {"--deploy-mode", "cluster"};

    @TempDir
    static Path folder;

    private static YarnCluster yarn;
    private static TinyTraining training;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        Path servers = Path.of(System.getProperty("apus.servers"));
        yarn = YarnCluster.start(home, servers, Files.createDirectories(folder.resolve("yarn")));
        training = new TinyTraining(yarn, folder.resolve("out"));
        training.prepare("--master", "local[2]");
    }

    @AfterAll
    static void stop() throws Exception {
        yarn.close();
    }

    @Test
    void aKilledExecutorIsReplaced() throws Exception {
        Programs.Running driver = training.begun(FAULT_STEP, CLIENT);

        TinyTraining.signal("KILL", training.rankProcess(1));

        endsWell(driver);
        assertThat(training.attempt()).isEqualTo(1);
        assertThat(training.fact("resumed_from_step")).isPositive();
    }

    @Test
    void aKilledApplicationLeavesItsCheckpoints() throws Exception {
        Programs.Running driver = training.begun(FAULT_STEP, CLIENT);

        yarn.killApplications();

        Programs.Submitted killed = driver.end();
        assertThat(killed.exitCode()).as(killed.said()).isEqualTo(143);
        training.noOrphans();
        endsWell(training.begin("Train", CLIENT));
        assertThat(training.fact("resumed_from_step")).isPositive();
    }

    /** The driver is in a container, too; when it dies, YARN starts it again, and the run goes on. */
    @Test
    void aKilledDriverIsStartedAgain() throws Exception {
        Programs.Running submitter = training.begun(FAULT_STEP, CLUSTER);

        TinyTraining.signal("KILL", driver());

        endsWell(submitter);
        assertThat(training.fact("resumed_from_step")).isPositive();
    }

    /** Spark's log has its own trace of it; the last line is ours. */
    @Test
    void containersThatAreTooLargeAreRefusedInOneLine() throws Exception {
        training.forget();

        Programs.Submitted refused = training.with("cluster.memory_overhead=" + 2 * YarnCluster.NODE_MEMORY)
                .begin("Train", CLIENT)
                .end();

        assertThat(refused.exitCode()).as(refused.said()).isEqualTo(2);
        assertThat(refused.err().strip().lines().reduce((before, last) -> last))
                .hasValueSatisfying(line -> assertThat(line).startsWith("Cannot start the executors"));
    }

    private static ProcessHandle driver() {
        return yarn.executors().stream()
                .filter(process -> process.info().commandLine().orElse("").contains("deploy.yarn.ApplicationMaster"))
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
    }

    private static void endsWell(Programs.Running driver) throws Exception {
        Programs.Submitted submitted = driver.end();
        assertThat(submitted.exitCode()).as(submitted.said() + logs()).isZero();
        training.noOrphans();
    }

    /** What the containers printed. */
    private static String logs() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("yarn/containers"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(file).append('\n').append(Files.readString(file)).append('\n');
            }
        } catch (Exception e) {
            all.append(e);
        }
        return all.toString();
    }
}
