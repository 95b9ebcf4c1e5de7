package io.apus.jobs.data.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.vocabulary.CreatedModel;
import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Run;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.StageStatus;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ManifestFile;
import io.apus.shards.Sha256;
import io.apus.shards.ShardReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files arrive in portions; each is packed once, whatever happens between. */
class StreamRunTest {
    @TempDir
    Path folder;

    private Path arriving;

    @BeforeEach
    void model() throws IOException {
        arriving = Files.createDirectories(folder.resolve("arriving"));
        CreateModelSpec create = new CreateModelSpec(null, 300, 16, 32, 1, 2, 1, 8, 64, null, null);
        CreatedModel.write(folder.resolve("model"), create, Map.of("is", 9L, " is", 5L, "number", 3L));
    }

    @Test
    void portionsThatArriveOneAfterTheOtherArePackedOnceHoweverOftenTheirBatchIsRun() throws Exception {
        portion("a.jsonl", 0, 40, "broken\n");
        StreamState first = stream("out", phase -> {});
        assertThat(first.batch()).isZero();
        Map<String, String> afterOne = traces("out");
        runAgain("out", 0);
        assertThat(traces("out")).isEqualTo(afterOne);

        portion("b.jsonl", 30, 60, "");
        for (String phase : List.of("appending tokenize", "publishing")) {
            assertThatThrownBy(() -> stream("out", dyingAt(phase))).hasStackTraceContaining("power cut");
        }
        StreamState second = stream("out", phase -> {});

        assertThat(second.batch()).isEqualTo(1);
        everyRowIsAccountedFor();
        sameAsAStreamThatWasNotInterrupted();
        theRunGoesOnFromThere();
    }

    /** 41 rows arrived, then 30, of which 10 were there before. */
    private void everyRowIsAccountedFor() {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        Manifest ingest = ManifestFile.read(layout.manifest("ingest"));
        Manifest filter = ManifestFile.read(layout.manifest("filter"));
        Manifest pack = ManifestFile.read(layout.manifest("pack"));
        assertThat(ingest.accounting().in()).isEqualTo(71);
        assertThat(ingest.accounting().refused()).isEqualTo(Map.of("broken_json", 1L));
        assertThat(filter.accounting().refused()).isEqualTo(Map.of("exact_duplicate", 10L));
        assertThat(pack.accounting().kept()).isEqualTo(60);
        ShardReader train = ShardReader.open(layout.shards("train"));
        List<String> ids = IntStream.range(0, (int) train.rows())
                .boxed()
                .flatMap(row -> train.row(row).sampleIds().stream())
                .toList();
        assertThat(ids).hasSize(60).doesNotHaveDuplicates();
        assertThat(train.manifest().shards())
                .extracting(shard -> shard.path().substring(0, 14))
                .containsOnly("batch-00000000", "batch-00000001");
        assertThat(session()
                        .sql("SELECT DISTINCT detail FROM delta.`" + layout.table("filter", "rejects") + "`")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .contains("the same as " + arriving + ":30");
        assertThat(session()
                        .sql("SELECT DISTINCT dataset, row, packed_row, position FROM delta.`"
                                + layout.table("pack", "placement") + "`")
                        .count())
                .isEqualTo(60);
    }

    private void sameAsAStreamThatWasNotInterrupted() throws Exception {
        Files.move(arriving.resolve("b.jsonl"), folder.resolve("b.jsonl"));
        stream("straight", phase -> {});
        Files.move(folder.resolve("b.jsonl"), arriving.resolve("b.jsonl"));
        stream("straight", phase -> {});
        assertThat(traces("straight")).isEqualTo(traces("out"));
    }

    /** What a stream has packed is a run whose data stages are done. */
    private void theRunGoesOnFromThere() {
        List<StageStatus> status = new Run(spec("out"), folder, new PrintStream(new ByteArrayOutputStream()))
                .status(List.of(new IngestStage(), new FilterStage(), new TokenizeStage(), new PackStage()));
        assertThat(status).allMatch(StageStatus::isCommitted);
    }

    @Test
    void twoStreamsOfOneTableAppendToAThirdTable() throws Exception {
        String table = "delta.`" + arriving + "`";
        Path shared = folder.resolve("shared");
        session().sql("CREATE TABLE " + table + " (query string, response string) USING delta");
        session().sql("INSERT INTO " + table + " VALUES ('one', 'is one'), ('two', 'is two')");
        assertThat(samples(stream("out", shared, phase -> {}))).isEqualTo(2);
        session().sql("INSERT INTO " + table + " VALUES ('two', 'is two'), ('three', 'is three')");
        assertThat(samples(stream("out", shared, phase -> {}))).isEqualTo(3);
        assertThat(samples(stream("other", shared, phase -> {}))).isEqualTo(3);

        assertThat(session().sql("SELECT * FROM delta.`" + shared + "`").count())
                .isEqualTo(6);
    }

    private static long samples(StreamState state) {
        return state.shards().get("train").samples();
    }

    @Test
    void whatAStreamCannotDoIsSaidBeforeItBegins() throws IOException {
        RunSpec halves = RunSpecReader.read(
                Optional.empty(), List.of(), List.of("--model", "m", "--dataset", "d", "--split_dataset_ratio", "0.5"));
        assertThatThrownBy(() -> new StreamRun(halves, folder, new StreamRun.Task(null, 0), progress(phase -> {}))
                        .run(StreamRunTest::session))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("split_dataset_ratio");
        Files.delete(arriving);
        Files.writeString(arriving, "a file");
        assertThatThrownBy(() -> stream("out", phase -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it is no folder");
    }

    /** The state in which a process leaves everything that dies before Spark has noted the batch as done. */
    private void runAgain(String name, long batch) throws Exception {
        Path commits = folder.resolve(name).resolve("stream/checkpoint/commits");
        Files.delete(commits.resolve(Long.toString(batch)));
        Files.deleteIfExists(commits.resolve("." + batch + ".crc"));
        stream(name, phase -> {});
    }

    private static Consumer<String> dyingAt(String last) {
        return phase -> {
            if (phase.equals(last)) {
                throw new IllegalStateException("power cut");
            }
        };
    }

    private StreamState stream(String name, Consumer<String> phases) throws Exception {
        return stream(name, null, phases);
    }

    private StreamState stream(String name, Path table, Consumer<String> phases) throws Exception {
        return new StreamRun(spec(name), folder, new StreamRun.Task(table, 0), progress(phases))
                .run(StreamRunTest::session);
    }

    private RunSpec spec(String name) {
        return RunSpecReader.read(
                Optional.empty(),
                List.of("--packing", "true", "--shard_tokens", "300"),
                List.of(
                        "--model",
                        folder.resolve("model").toString(),
                        "--dataset",
                        arriving.toString(),
                        "--output_dir",
                        folder.resolve(name).toString()));
    }

    private void portion(String name, int from, int to, String more) throws IOException {
        Files.writeString(
                arriving.resolve(name),
                IntStream.range(from, to)
                                .mapToObj(row ->
                                        "{\"query\": \"number " + row + "\", \"response\": \"is " + row + "\"}\n")
                                .collect(Collectors.joining())
                        + more);
    }

    /** Every published file that is no Delta table, and the accounting and facts of every stage. */
    private Map<String, String> traces(String name) throws IOException {
        RunLayout layout = new RunLayout(folder.resolve(name));
        Map<String, String> traces = new TreeMap<>();
        try (Stream<Path> shards = Files.walk(layout.stage("pack").resolve("shards"))) {
            for (Path file : shards.filter(Files::isRegularFile).toList()) {
                traces.put(layout.root().relativize(file).toString(), Sha256.of(file));
            }
        }
        for (String stage : List.of("ingest", "filter", "tokenize", "pack")) {
            Manifest manifest = ManifestFile.read(layout.manifest(stage));
            List<String> outputs = new ArrayList<>();
            manifest.outputs().forEach(output -> outputs.add(output.name() + " " + output.rows()));
            traces.put(stage, manifest.accounting() + " " + manifest.facts() + " " + outputs);
        }
        return traces;
    }

    private static SparkSession session() {
        return Sessions.open(RunSpecReader.read(
                Optional.empty(),
                List.of(),
                List.of(
                        "--model",
                        "m",
                        "--dataset",
                        "d",
                        "--master",
                        "local[2]",
                        "--spark_conf",
                        "spark.ui.enabled=false",
                        "spark.sql.shuffle.partitions=1",
                        "spark.sql.codegen.wholeStage=false",
                        "spark.sql.codegen.factoryMode=NO_CODEGEN",
                        "spark.databricks.delta.snapshotPartitions=1")));
    }

    private static Progress progress(Consumer<String> phases) {
        return new Progress() {
            @Override
            public void begin(String phase, long total) {
                phases.accept(phase);
            }

            @Override
            public void update(long done, String note) {}

            @Override
            public void end(String note) {}
        };
    }
}
