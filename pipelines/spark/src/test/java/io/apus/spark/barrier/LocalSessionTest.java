package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A session that somebody else started, without the report plugin. */
class LocalSessionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = OwnSession.open(Map.of(
                "spark.master", "local[4]",
                "spark.app.name", "local",
                "spark.ui.enabled", "false",
                "spark.task.cpus", "2"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static final class Heard implements RankListener {
        private final List<String> reports = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        @Override
        public void report(int rank, String line) {
            reports.add(line);
        }

        @Override
        public void warning(String message) {
            warnings.add(message);
        }
    }

    @Test
    void withoutThePluginTheRanksRunAndTheUserIsTold() throws Exception {
        Heard heard = new Heard();
        RankTask<Integer> task = rank -> {
            rank.report("{}");
            return rank.world().rank();
        };

        List<Integer> ranks = BarrierStage.run(spark, 2, RankRequest.ofSession(), LONG, task, heard);

        assertThat(ranks).containsExactly(0, 1);
        assertThat(heard.reports).isEmpty();
        assertThat(heard.warnings)
                .anyMatch(warning -> warning.startsWith("no live progress") && warning.contains("spark.plugins"));
        assertThat(heard.warnings).anyMatch(warning -> warning.startsWith("spark.barrier.sync.timeout is not set"));
    }

    @Test
    void slotsAreCoresDividedByTheCoresOfATask() {
        long start = System.nanoTime();

        assertThatThrownBy(() -> BarrierStage.run(spark, 3, RankRequest.ofSession(), LONG, rank -> 1, new Heard()))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "Cannot start 3 ranks at once: need 3 task slots = world_size 3 x 1 task each; the session can have 2"
                                + " slots = 1 executor x 4 cores / spark.task.cpus 2. Set train.world_size=2, or give the session more"
                                + " executors or cores (cluster.master=local-cluster[3,1,1024]; spark.executor.instances,"
                                + " spark.executor.cores or spark.cores.max on a cluster).");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theCallersJobPropertiesAreAsBefore() throws Exception {
        spark.sparkContext().setJobGroup("mine", "my words", false);

        BarrierStage.run(spark, 1, RankRequest.ofSession(), LONG, rank -> 1, new Heard());

        assertThat(spark.sparkContext().getLocalProperty("spark.jobGroup.id")).isEqualTo("mine");
        assertThat(spark.sparkContext().getLocalProperty("spark.job.description"))
                .isEqualTo("my words");
    }

    @Test
    void settingsThatTheUserGaveStayAndThePluginJoinsOthers() {
        Map<String, String> settings =
                new HashMap<>(Map.of("spark.plugins", "a.B", "spark.barrier.sync.timeout", "60"));

        BarrierSettings.addTo(settings);
        BarrierSettings.addTo(settings);

        assertThat(settings)
                .containsEntry("spark.plugins", "a.B,io.apus.spark.barrier.ReportPlugin")
                .containsEntry("spark.barrier.sync.timeout", "60")
                .containsEntry("spark.task.reaper.enabled", "true");
    }
}
