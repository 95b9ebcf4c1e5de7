package io.apus.jobs.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.eval.task.Outcome;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.EvaluateSpec;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.shards.ShardWriter;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a run folder as the stages before it leave it. */
class EvaluateStageTest {
    private static final int HELD_OUT = 21;

    @TempDir
    static Path folder;

    private static SparkSession spark;
    private static RunLayout layout;
    private static RunSpec spec;
    private static StageResult result;

    @BeforeAll
    static void run() throws Exception {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("evaluate")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.databricks.delta.snapshotPartitions", "2")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .getOrCreate();
        layout = new RunLayout(folder.resolve("out"));
        Path model = TinyFolder.write(folder.resolve("model"), 5);
        TinyFolder.write(layout.trainedModel(), 6);
        shards();
        tables();
        catalog();
        ModelSpec start = new ModelSpec(model.toString(), null, null, null, null);
        IngestSpec data = IngestSpec.of(List.of("x.jsonl"));
        TunerSpec full = TunerSpec.of("full");
        EvaluateSpec evaluate = new EvaluateSpec(List.of("colours"), null, 6, null, 3, null);
        spec = new RunSpec(
                layout.root().toString(), null, null, start, data, null, null, null, full, null, evaluate, null);
        Map<String, Manifest> inputs = Map.of("train", manifest("train", List.of()));
        result = new EvaluateStage()
                .run(new StageContext(spark, spec, layout, inputs, folder.resolve("conf"), new Silent()));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void everyItemIsAccountedFor() {
        Accounting accounting = result.accounting();
        assertThat(accounting.in()).isEqualTo(HELD_OUT + 2 + 5);
        assertThat(accounting.refused()).isEqualTo(Map.of("broken_json", 1L, "over_long", 1L, "no_targets", 1L));
    }

    @Test
    void theScoresTableHoldsWhatTheFactsSumUp() {
        Manifest.Output scores = result.outputs().get(0);
        PublishedTable table = new PublishedTable(layout.root().resolve(scores.path()), scores.version());
        assertThat(table.read(spark).count()).isEqualTo(scores.rows());
        for (String metric : List.of("held_out.loss", "held_out.token_acc", "colours.acc", "held_out.exact_match")) {
            Row mean = table.read(spark)
                    .where("concat(task, '.', metric) = '" + metric + "'")
                    .selectExpr("sum(value * weight) / sum(weight)", "count(*)")
                    .first();
            assertThat((double) result.facts().get(metric)).as(metric).isCloseTo(mean.getDouble(0), within());
            assertThat(result.facts().get(metric + ".items")).as(metric).isEqualTo(mean.getLong(1));
        }
        assertThat((double) result.facts().get("held_out.perplexity"))
                .isCloseTo(Math.exp((double) result.facts().get("held_out.loss")), within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-9);
    }

    @Test
    void scoresDoNotDependOnThePartitions() throws InterruptedException {
        EvalPlan plan = EvalPlan.of(
                spec.evaluate(), folder.resolve("conf"), HELD_OUT, new RunTables(spark, layout).heldOutSamples(3));
        EvalWork work = new EvalWork(
                ModelSource.trained(spec, layout, "c"),
                CodecSettings.of(spec.tokenize()),
                layout.shards(Splits.VALIDATION).toString(),
                6,
                0.7,
                42);
        EvalJobRunner runner = new EvalJobRunner(JavaSparkContext.fromSparkContext(spark.sparkContext()), new Silent());
        List<Outcome> one = runner.run(plan.units(), work, 1);
        assertThat(one).hasSize(HELD_OUT + 2 + 4);
        for (int partitions : new int[] {2, 5, plan.units().size()}) {
            assertThat(runner.run(plan.units(), work, partitions)).isEqualTo(one);
        }
    }

    @Test
    void theReportShowsScoresSamplesAndRefusedRows() throws IOException {
        String html = Files.readString(layout.report());
        assertThat(html)
                .contains("Qwen3ForCausalLM", "held-out perplexity", "colours", "multiple choice")
                .contains("Which colour?", "the reference of 0", "the raw row of 7");
    }

    private static void shards() throws IOException {
        try (ShardWriter writer =
                new ShardWriter(layout.shards(Splits.VALIDATION), Splits.VALIDATION, 32, "0".repeat(64), 1000)) {
            for (int i = 0; i < HELD_OUT; i++) {
                int[] ids = ("question " + i + " answer").chars().toArray();
                float[] weights = new float[ids.length];
                for (int t = ids.length - 6; t < ids.length && i != 4; t++) {
                    weights[t] = 1;
                }
                writer.add(new PackedRow(ids, weights, new int[] {ids.length}, List.of("x.jsonl:" + i)));
            }
            writer.commit();
        }
    }

    /** Two held-out conversations, the second too long for the model, and two refused rows. */
    private static void tables() throws IOException {
        String none = "CAST(null AS array<struct<role:string,content:string,loss:boolean,loss_scale:double>>)";
        String turn =
                "named_struct('role', '%s', 'content', %s, 'loss', CAST(null AS boolean), 'loss_scale', CAST(null AS double))";
        PublishedTable clean = TableWriter.write(
                layout.table("filter", Tables.CLEAN.name()),
                Tables.CLEAN,
                spark.range(2)
                        .selectExpr(
                                "'x.jsonl' AS dataset",
                                "0 AS dataset_index",
                                "id AS row",
                                "0 AS copy",
                                "'validation' AS split",
                                "array(" + turn.formatted("user", "repeat('Which colour?', CAST(1 + id * 50 AS int))")
                                        + ", " + turn.formatted("assistant", "concat('the reference of ', id)")
                                        + ") AS messages",
                                none + " AS rejected_messages",
                                "array_repeat(" + none + ", 0) AS positive_messages",
                                "array_repeat(" + none + ", 0) AS negative_messages",
                                "CAST(null AS string) AS label",
                                "CAST(null AS double) AS margin",
                                "CAST(null AS string) AS tools",
                                "CAST(map() AS map<string,string>) AS media",
                                "CAST(null AS string) AS channel",
                                "CAST(map() AS map<string,string>) AS extra"));
        PublishedTable rejects = TableWriter.write(
                layout.table("filter", Tables.REJECTS.name()),
                Tables.REJECTS,
                spark.range(7, 9)
                        .selectExpr(
                                "'x.jsonl' AS dataset",
                                "0 AS dataset_index",
                                "id AS row",
                                "0 AS copy",
                                "'filter' AS stage",
                                "'empty' AS reason",
                                "'no text' AS detail",
                                "concat('the raw row of ', id) AS raw"));
        ManifestFile.write(
                layout.manifest("filter"),
                manifest(
                        "filter",
                        List.of(
                                new Manifest.Output("clean", "filter/clean", clean.version(), 2, List.of()),
                                new Manifest.Output("rejects", "filter/rejects", rejects.version(), 2, List.of()))));
    }

    private static void catalog() throws IOException {
        Path evals = Files.createDirectories(folder.resolve("conf/evals"));
        Files.writeString(
                evals.resolve("colours.yaml"),
                "name: colours\nkind: multiple_choice\npath: colours.jsonl\nprompt: q\nchoices: c\nanswer: a\n");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            rows.append("{\"q\": \"item ")
                    .append(i)
                    .append("?\", \"c\": [\"red\", \"green\"], \"a\": ")
                    .append(i % 2)
                    .append("}\n");
        }
        Files.write(
                evals.resolve("colours.jsonl"),
                rows.append("{broken\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Manifest manifest(String stage, List<Manifest.Output> outputs) {
        return new Manifest(
                stage,
                stage + "-1",
                Map.of(),
                "",
                42,
                "0",
                Map.of(),
                outputs,
                new Accounting(0, 0, Map.of()),
                Map.of(),
                "",
                1);
    }

    private static final class Silent implements Progress {
        @Override
        public void begin(String phase, long total) {}

        @Override
        public void update(long done, String note) {}

        @Override
        public void end(String note) {}
    }
}
