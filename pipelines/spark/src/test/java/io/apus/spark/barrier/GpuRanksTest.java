package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.testkit.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One executor process with three cores and two GPUs that only Spark believes in; tasks of other stages get none. */
@Timeout(120)
class GpuRanksTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        EmbeddedCluster cluster = EmbeddedCluster.in(folder.resolve("spark"));
        Map<String, String> settings = cluster.settings(1, 3);
        String script = script();
        settings.put("spark.worker.resource.gpu.amount", "2");
        settings.put("spark.worker.resource.gpu.discoveryScript", script);
        settings.put("spark.executor.resource.gpu.amount", "2");
        settings.put("spark.executor.resource.gpu.discoveryScript", script);
        BarrierSettings.addTo(settings);
        spark = cluster.whileStarting(() -> OwnSession.open(settings));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static String script() throws IOException {
        Path script = folder.resolve("gpus.sh");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"4\", \"7\"]}'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    private static List<String> devices(int ranks, RankRequest request) throws InterruptedException {
        return BarrierStage.run(spark, ranks, request, SOON, RankContext::device, (rank, line) -> {});
    }

    @Test
    void eachRankIsGivenAGpuOfItsOwnAndOtherTasksNeedNone() throws Exception {
        assertThat(devices(2, RankRequest.ofSession())).containsExactlyInAnyOrder("cuda:4", "cuda:7");
        assertThat(spark.range(0, 100, 1, 3).count()).isEqualTo(100);
    }

    @Test
    void ranksMayStayOnTheCpu() throws Exception {
        assertThat(devices(3, new RankRequest(null, 0))).containsOnly("cpu");
    }

    @Test
    void tooFewGpusAreRefusedAtOnceWithTheArithmetic() {
        long start = System.nanoTime();

        assertThatThrownBy(() -> devices(3, RankRequest.ofSession()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("need 3 task slots and 3 GPUs = world_size 3 x 1 task each")
                .hasMessageContaining("can have 2 slots = the smaller of 1 executor x 3 cores / train.rank_cpus 1 and "
                        + "1 executor x 2 GPUs / 1 GPU a rank")
                .hasMessageContaining("Set train.world_size=2")
                .hasMessageContaining("spark.executor.resource.gpu.amount");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aRankMayHaveMoreCoresThanOtherTasks() {
        assertThatThrownBy(() -> devices(2, new RankRequest(2, 0)))
                .hasMessageContaining("can have 1 slot = 1 executor x 3 cores / train.rank_cpus 2");
    }

    @Test
    void aShareOfAGpuOrSeveralAreRefused() {
        SparkConf half = new SparkConf(false).set(RankShape.TASK_GPUS, "0.5");
        SparkConf two = new SparkConf(false).set(RankShape.TASK_GPUS, "2");

        assertThatThrownBy(() -> RankShape.sessionGpus(half, RankRequest.ofSession()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "need 1 GPU for each rank; spark.task.resource.gpu.amount is 0.5: 2 ranks would share");
        assertThatThrownBy(() -> RankShape.sessionGpus(two, RankRequest.ofSession()))
                .hasMessageContaining(
                        "spark.task.resource.gpu.amount is 2: each rank computes on 1 GPU, 1 of 2 would be idle");
        assertThat(RankShape.sessionGpus(half, new RankRequest(null, 1))).isZero();
    }

    @Test
    void slotsAreTheSmallerOfCoresAndGpus() {
        RankShape shape = new RankShape(4, 1, Optional.empty());

        assertThat(Slots.of(2, 16, 8, shape).available()).isEqualTo(8);
        assertThat(Slots.of(2, 16, 2, shape).available()).isEqualTo(4);
        assertThat(Slots.of(2, 16, 2, shape).ranksPerExecutor(3)).isEqualTo(2);
    }
}
