package io.apus.jobs.data.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.Run;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ManifestFile;
import io.apus.shards.ShardReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run over two datasets, one of which is named twice, is taken apart again. */
class LineageCommandTest {
    @TempDir
    static Path folder;

    private static Path file;
    private static RunLayout layout;

    @BeforeAll
    static void run() throws Exception {
        Path one = data("one.jsonl", 30, "broken\n" + line("n 0", "is 0") + line("long", "x y z ".repeat(99)));
        Path two = data("two.jsonl", 10, "");
        file = Files.writeString(
                folder.resolve("run.yaml"),
                String.join(
                        "\n",
                        "output_dir: " + folder.resolve("out"),
                        "cluster:",
                        "  master: local[2]",
                        "  spark_conf: {spark.ui.enabled: 'false', spark.sql.codegen.wholeStage: 'false',"
                                + " spark.sql.codegen.factoryMode: NO_CODEGEN, spark.sql.shuffle.partitions: '2'}",
                        "ingest: {dataset: [" + one + ", '" + two + "#25', " + two + "], split_dataset_ratio: 0.2}",
                        "filter: {filters: [empty, {length: {max_characters: 300}}]}",
                        "model: {create: {vocab_size: 300, hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1,"
                                + " num_attention_heads: 2, num_key_value_heads: 1, head_dim: 8,"
                                + " max_position_embeddings: 64}}",
                        "tuner: {tuner_type: full}",
                        "pack: {packing: true, shard_tokens: 300}",
                        ""));
        layout = new RunLayout(folder.resolve("out"));
        RunSpec spec = RunSpecReader.read(file, List.of());
        List<Stage> first = List.of(new IngestStage());
        new Run(spec, folder, quiet()).execute(first);
        aLaterWriteIsNotRead();
        new Run(spec, folder, quiet())
                .execute(List.of(new IngestStage(), new FilterStage(), new TokenizeStage(), new PackStage()));
    }

    /** The next stage must read the version that the manifest pins. */
    private static void aLaterWriteIsNotRead() {
        SparkSession spark = Sessions.forReading("a writer");
        String table = "delta.`" + layout.table("ingest", "samples") + "`";
        spark.sql("INSERT INTO " + table + " SELECT * FROM " + table);
        spark.stop();
    }

    private static Path data(String name, int rows, String more) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                IntStream.range(0, rows)
                                .mapToObj(row -> line(name + " n " + row, "is " + row))
                                .collect(Collectors.joining())
                        + more);
    }

    private static String line(String query, String response) {
        return "{\"query\": \"" + query + "\", \"response\": \"" + response + "\"}\n";
    }

    @Test
    void theRowsOfEveryDatasetAddUpToTrainingValidationAndRefused() throws IOException {
        JsonNode report = json("--limit", "0");

        assertThat(report.get("adds_up").asBoolean()).isTrue();
        assertThat(report.get("rows_in").asLong())
                .isEqualTo(ManifestFile.read(layout.manifest("ingest"))
                        .accounting()
                        .in());
        JsonNode one = report.get("datasets").get(0);
        assertThat(one.get("rows").asLong()).isEqualTo(33);
        assertThat(one.get("refused").toString()).isEqualTo("{\"filter length\":1,\"ingest broken_json\":1}");
        assertThat(one.get("train").asLong() + one.get("validation").asLong()).isEqualTo(31);
        assertThat(report.get("datasets").get(1).get("rows").asLong()).isEqualTo(25);
        assertThat(report.get("datasets").get(2).get("rows").asLong()).isEqualTo(10);
        assertThat(report.get("placed")).isEmpty();
        assertThat(report.get("stages")
                        .get(0)
                        .get("versions")
                        .get("ingest/samples")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void everySampleOfEveryPackedRowIsInTheTablePlacementWhereItLies() {
        SparkSession spark = Sessions.forReading("test");
        for (String split : List.of("train", "validation")) {
            ShardReader shards = ShardReader.open(layout.shards(split));
            List<String> expected = IntStream.range(0, (int) shards.rows())
                    .boxed()
                    .flatMap(row -> described(row, shards.row(row)).stream())
                    .toList();
            List<String> found = spark
                    .sql("SELECT * FROM delta.`" + layout.table("pack", "placement")
                            + "` VERSION AS OF 1 WHERE split = '" + split + "' ORDER BY packed_row, position")
                    .collectAsList()
                    .stream()
                    .map(row -> row.getLong(7) + "." + row.getInt(8) + " at " + row.getInt(9) + " of " + row.getInt(10)
                            + " " + row.getString(0) + ":" + row.getLong(2)
                            + (row.getInt(3) == 0 ? "" : ":" + row.getInt(3)))
                    .toList();
            assertThat(found).isEqualTo(expected).isNotEmpty();
        }
    }

    private static List<String> described(long number, PackedRow row) {
        int[] offset = {0};
        return IntStream.range(0, row.segmentLengths().length)
                .mapToObj(i -> {
                    int at = offset[0];
                    offset[0] += row.segmentLengths()[i];
                    return number + "." + i + " at " + at + " of " + row.segmentLengths()[i] + " "
                            + row.sampleIds().get(i);
                })
                .toList();
    }

    @Test
    void aRowIsFollowedToItsPackedRowsOrToTheReasonWhyItIsMissing() {
        assertThat(text("--dataset", folder.resolve("one.jsonl").toString(), "--row", "30"))
                .contains("one.jsonl row 30: ingest, broken_json: ")
                .doesNotContain("packed rows and the samples in them");
        assertThat(text("--dataset", folder.resolve("one.jsonl").toString(), "--row", "3"))
                .containsPattern("row \\d+ \\(part-\\d{5}\\.arrow\\) tokens \\d+ to \\d+: \\S+one.jsonl row 3\n")
                .contains("every row that was read is accounted for");
        assertThat(text("--packed_row", "1").lines().filter(line -> line.contains(" row 1 (part-")))
                .isNotEmpty()
                .hasSize((int) text("--packed_row", "1")
                        .lines()
                        .filter(line -> line.contains("(part-"))
                        .count());
        assertThat(text("--reason", "length")).contains("one.jsonl row 32: filter, length: ");
    }

    @Test
    void whatIsNotKnownIsSaidInOneLine() {
        assertThatThrownBy(() -> text("--dataset", folder.resolve("on.jsonl").toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"" + folder.resolve("one.jsonl") + "\"?");
        assertThatThrownBy(() -> call(folder.resolve("nowhere"), quiet()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its stage ingest is not committed");
    }

    private static JsonNode json(String... words) throws IOException {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--json";
        return JsonMapper.builder().build().readTree(text(all));
    }

    private static String text(String... words) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        call(file, new PrintStream(printed, true, StandardCharsets.UTF_8), words);
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void call(Path run, PrintStream out, String... words) {
        List<Exception> failures = new ArrayList<>();
        CommandLine line = new CommandLine(new LineageCommand(out, () -> Sessions.forReading("test")));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            failures.add(failure);
            return 2;
        });
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = run.toString();
        int code = line.execute(all);
        if (!failures.isEmpty()) {
            throw (RuntimeException) failures.get(0);
        }
        assertThat(code).isZero();
    }

    private static PrintStream quiet() {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }
}
