package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Each job, and all of them together, as spark-submit starts them on a standalone cluster of a master and two workers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandaloneClusterIT {
    private static final List<String> JOBS =
            List.of("Ingest", "Filter", "Tokenize", "Pack", "Train", "Evaluate", "Export");

    @TempDir
    static Path folder;

    private static StandaloneCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        cluster = StandaloneCluster.start(home, Files.createDirectories(folder.resolve("cluster")), 2);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    @Order(1)
    void eachJobRunsAloneAndCommits() throws Exception {
        for (String job : JOBS) {
            Programs.Submitted submitted = submit(job);

            assertThat(submitted.exitCode())
                    .as(job + "\n" + submitted.out() + submitted.err())
                    .isZero();
            assertThat(out().resolve(job.toLowerCase(Locale.ROOT)).resolve("manifest.json"))
                    .exists();
        }
        assertThat(out().resolve("evaluate/report.html")).isNotEmptyFile();
        assertThat(out().resolve("export/hf/config.json")).isNotEmptyFile();
    }

    @Test
    @Order(2)
    void thePipelineSkipsWhatIsCommittedAndRunsAgainFromWhatIsMissing() throws Exception {
        Files.delete(out().resolve("pack/manifest.json"));

        Programs.Submitted submitted = submit("Pipeline");

        assertThat(submitted.exitCode()).as(submitted.out() + submitted.err()).isZero();
        List<String> lines = submitted.out().lines().toList();
        JsonNode summary = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        List<Boolean> skipped = new ArrayList<>();
        summary.get("stages").forEach(stage -> skipped.add(stage.get("skipped").asBoolean()));
        assertThat(skipped).containsExactly(true, true, true, false, false, false, false);
    }

    @Test
    @Order(3)
    void aMistakeExitsWithTwoAndOneLine() throws Exception {
        Programs.Submitted submitted = submit("Train", "train.learnig_rate=1");

        assertThat(submitted.exitCode()).isEqualTo(2);
        assertThat(submitted.err())
                .contains("Cannot run: train.learnig_rate: unknown option; did you mean \"train.learning_rate\"?")
                .doesNotContain("\tat ");
    }

    /** The quickstart with a model so small that it trains in seconds. */
    private static Programs.Submitted submit(String job, String... more) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of(
                SourceTree.root().resolve("conf/runs/quickstart.yaml").toString(),
                "output_dir=" + out(),
                "cluster.spark_conf={spark.sql.shuffle.partitions: 2, spark.databricks.delta.snapshotPartitions: 1,"
                        + " spark.executor.extraJavaOptions: -XX:TieredStopAtLevel=1 -XX:+UseSerialGC}",
                "train.max_steps=4",
                "train.save_strategy=no",
                "train.eval_strategy=no",
                "evaluate.eval_limit=4",
                "evaluate.max_new_tokens=4"));
        args.addAll(TinyTraining.MODEL);
        args.addAll(List.of(more));
        return cluster.submit("io.apus.jobs." + job + "Job", Path.of(System.getProperty("apus.jar")), args);
    }

    private static Path out() {
        return folder.resolve("out");
    }
}
