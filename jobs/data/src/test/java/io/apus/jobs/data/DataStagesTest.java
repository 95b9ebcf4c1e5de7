package io.apus.jobs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.data.catalog.DatasetCatalog;
import io.apus.jobs.data.preview.Preview;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.shards.ManifestFile;
import io.apus.shards.ShardReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataStagesTest {
    private static final List<Stage> STAGES =
            List.of(new IngestStage(), new FilterStage(), new TokenizeStage(), new PackStage());

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private Path conf;

    @BeforeEach
    void catalog() throws IOException {
        conf = Files.createDirectories(folder.resolve("conf"));
        Files.createDirectories(conf.resolve("datasets"));
        Files.writeString(
                conf.resolve("datasets/numbers.yaml"), "help: numbers\npath: numbers.jsonl\ncolumns: {ask: query}\n");
        Files.writeString(
                conf.resolve("datasets/numbers.jsonl"),
                IntStream.range(0, 60)
                                .mapToObj(row -> "{\"ask\": \"n " + row + "\", \"response\": \"is " + row + "\"}\n")
                                .collect(Collectors.joining())
                        + "broken\n{\"ask\": \"n 0\", \"response\": \"is 0\"}\n");
    }

    @Test
    void fourStagesTakeACatalogDatasetToShardsAndAccountForEveryRow() {
        RunSpec spec = spec(List.of("numbers"), null);
        RunLayout layout = new RunLayout(folder.resolve("out"));
        Map<String, Manifest> manifests = new TreeMap<>();
        for (Stage stage : STAGES) {
            manifests.put(stage.name(), run(stage, spec, layout, manifests));
        }

        assertThat(manifests.get("ingest").accounting().refused()).isEqualTo(Map.of("broken_json", 1L));
        assertThat(manifests.get("filter").accounting().refused()).isEqualTo(Map.of("exact_duplicate", 1L));
        assertThat(manifests.get("tokenize").accounting().kept()).isEqualTo(60);
        Map<String, Object> packed = manifests.get("pack").facts();
        assertThat(((Number) packed.get("tokens")).longValue())
                .isEqualTo(((Number) manifests.get("tokenize").facts().get("tokens")).longValue());
        ShardReader train = ShardReader.open(layout.shards("train"));
        ShardReader validation = ShardReader.open(layout.shards("validation"));
        assertThat(train.manifest().samples() + validation.manifest().samples()).isEqualTo(60);
        assertThat(train.manifest().tokenizerSha256())
                .isEqualTo(manifests.get("tokenize").facts().get("tokenizer_sha256"));
        assertThat(manifests.get("tokenize").outputs())
                .extracting(Manifest.Output::name)
                .containsExactly("tokens", "rejects", "model");
        assertThat(layout.createdModel().resolve("tokenizer.json")).exists();
        assertThat(said)
                .contains("reading", "learning a vocabulary of 320")
                .anyMatch(line -> line.endsWith("% filled"));
        assertThat(preview(layout))
                .startsWith("numbers:0 · ")
                .contains("     1  is· ·0·<|im_end|>", "16 tokens, 4 trained on, weights add up to 4");
        assertThat(new PackStage().plan(spec, layout)).contains("rows: " + packed.get("rows") + " (committed)");
        assertThat(new TokenizeStage().plan(spec, layout))
                .contains("tokens: "
                        + Estimates.grouped(train.manifest().tokens()
                                + validation.manifest().tokens()) + " (committed)");
        aModelWithoutEmbeddingsForTheTokensIsRefused(spec, layout, manifests);
    }

    private void aModelWithoutEmbeddingsForTheTokensIsRefused(
            RunSpec spec, RunLayout layout, Map<String, Manifest> manifests) {
        Path config = layout.createdModel().resolve("config.json");
        try {
            Files.writeString(
                    config, Files.readString(config).replaceFirst("\"vocab_size\"\\s*:\\s*\\d+", "\"vocab_size\": 60"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ModelSpec given = new ModelSpec(layout.createdModel().toString(), null, null, null, null);
        RunSpec small = new RunSpec(
                "out", 1L, null, given, spec.ingest(), null, spec.tokenize(), null, spec.tuner(), null, null, null);
        assertThatThrownBy(() -> run(new TokenizeStage(), small, layout, manifests))
                .rootCause()
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the model has embeddings for ids below 60 (vocab_size)");
    }

    private static String preview(RunLayout layout) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Preview.of(layout, layout.createdModel())
                .print(session(), 2, false, new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunWithoutTokensCannotBePreviewed() {
        RunLayout layout = new RunLayout(folder.resolve("none"));
        assertThatThrownBy(() -> Preview.of(layout, folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tokenize stage is not committed");
    }

    /** What the runner does, less what is its own. */
    private Manifest run(Stage stage, RunSpec spec, RunLayout layout, Map<String, Manifest> done) {
        Map<String, Manifest> inputs = new TreeMap<>(done);
        inputs.keySet().retainAll(stage.inputs());
        try {
            StageResult result = stage.run(new StageContext(session(), spec, layout, inputs, conf, progress()));
            Manifest manifest = new Manifest(
                    stage.name(),
                    stage.name() + "-1",
                    Map.of(),
                    "",
                    1,
                    "",
                    Map.of(),
                    result.outputs(),
                    result.accounting(),
                    result.facts(),
                    "",
                    0);
            ManifestFile.write(layout.manifest(stage.name()), manifest);
            return ManifestFile.read(layout.manifest(stage.name()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyUnknownDatasetIsNamedAtOnceWithTheNearestOfTheCatalog() {
        RunSpec spec = spec(List.of("number", folder + "/no.jsonl"), null);

        assertThatThrownBy(() -> Datasets.find(
                        spec.ingest(), conf, new org.apache.hadoop.conf.Configuration(), Repositories.none()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("2 datasets cannot be read")
                .hasMessageContaining("Did you mean \"numbers\"?")
                .hasMessageContaining("no file is or matches");
    }

    @Test
    void aCatalogFileWithAnUnknownKeyIsRefused() throws IOException {
        Files.writeString(conf.resolve("datasets/odd.yaml"), "paths: x.jsonl\n");

        assertThatThrownBy(() -> new DatasetCatalog(conf).entry("odd"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("paths");
    }

    @Test
    void rowsShorterThanSamplesAreRefusedBeforeAnythingRuns() {
        RunSpec spec = spec(List.of("numbers"), 32);

        assertThatThrownBy(() -> new PackStage().plan(spec, new RunLayout(folder)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("packing_length 32 is below max_length 64");
    }

    @Test
    void plansSayWhatIsReadAndHowMuch() {
        RunSpec spec = spec(List.of(conf + "/datasets/numbers.jsonl#10"), null);
        RunLayout layout = new RunLayout(folder.resolve("none"));

        assertThat(new IngestStage().plan(spec, layout).get(0)).contains("numbers.jsonl (10 rows of it): 1 file, ");
        assertThat(new FilterStage().plan(spec, layout).get(0)).contains("empty, role_order, length, exact_duplicate");
        assertThat(new TokenizeStage().plan(spec, layout).get(0)).contains("learns a vocabulary of 320 tokens");
        assertThat(new PackStage().plan(spec, layout).get(0)).contains("rows of 64 tokens (binpack)");
    }

    private static RunSpec spec(List<String> datasets, Integer packingLength) {
        CreateModelSpec create = new CreateModelSpec(null, 320, 16, 32, 1, 2, 1, 8, 64, null, null);
        return new RunSpec(
                "out",
                1L,
                null,
                new ModelSpec(null, null, null, null, create),
                new IngestSpec(datasets, null, 0.1, null, null, null, null, null, null, null, null, null, null),
                null,
                null,
                new PackSpec(true, packingLength, null, null),
                TunerSpec.of("full"),
                null,
                null,
                null);
    }

    private Progress progress() {
        return new Progress() {
            @Override
            public void begin(String phase, long total) {
                said.add(phase);
            }

            @Override
            public void update(long done, String note) {}

            @Override
            public void end(String note) {
                said.add(note);
            }
        };
    }

    private static SparkSession session() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }
}
