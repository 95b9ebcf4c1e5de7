package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.ingest.RowRules;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.manifest.Accounting;
import io.apus.spark.LocalSpark;
import io.apus.spark.source.SourceDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTest {
    private static final List<String> PAIRS = List.of("one", "two", "three");

    @TempDir
    Path folder;

    private DataRun run;

    @BeforeEach
    void begin() {
        run = new DataRun(folder.resolve("run"));
    }

    /** One ingest of every format, with the bad rows that each can have. */
    @Test
    void everyFormatIsReadAlikeAndEveryRowIsAccountedFor() throws IOException {
        Path json = write(
                "a.json",
                PAIRS.stream()
                        .map(word -> "{\"instruction\": \"say " + word + "\", \"output\": \"" + word + "\"}")
                        .collect(Collectors.joining(",\n", "[", "]")));
        Path csv = write("b.csv", "query,response\n" + csvPairs() + "c,d,e\n");
        Path parquet = folder.resolve("c.parquet");
        parquet(write("source.csv", "query,response\n" + csvPairs()), parquet);
        Path text = write("d.txt", LocalSpark.lines("one", "", "two", "three"));
        Path chat = write(
                "chat.jsonl",
                LocalSpark.lines(
                        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]}",
                        "{\"messages\": [{\"role\": \"user\"",
                        "",
                        "{\"messages\": [{\"role\": \"wizard\", \"content\": \"Hi\"}]}",
                        "{\"query\": \"2+2\", \"response\": \"4\"}"));
        Path cut = write("cut.json", "[{\"query\": \"a\", \"response\": \"b\"}, {\"query\": \"c\", \"resp");

        Ingest.Result result = run.ingest(
                DataRun.dataset(0, json),
                DataRun.dataset(1, csv),
                DataRun.dataset(2, parquet),
                DataRun.dataset(3, text),
                DataRun.dataset(4, chat),
                DataRun.dataset(5, cut),
                DataRun.dataset(6, full()));

        assertThat(result.accounting())
                .isEqualTo(new Accounting(20, 16, Map.of("broken_json", 2L, "unknown_role", 1L, "ragged_row", 1L)));
        assertThat(result.keptByDataset())
                .isEqualTo(Map.of(
                        "a.json",
                        3L,
                        "b.csv",
                        3L,
                        "c.parquet",
                        3L,
                        "d.txt",
                        3L,
                        "chat.jsonl",
                        2L,
                        "cut.json",
                        1L,
                        "full.jsonl",
                        1L));
        List<Sample> samples = DataRun.samples(result.written().kept());
        assertPairs(samples.subList(0, 9));
        assertThat(samples.subList(9, 12)).allMatch(Sample::isPlainText);
        assertThat(samples.subList(12, 14))
                .extracting(sample -> sample.key().row())
                .containsExactly(0L, 3L);
        assertFull(samples.get(15));
        assertRejects(DataRun.rejects(result.written()));
    }

    private static void assertPairs(List<Sample> samples) {
        for (int dataset = 0; dataset < 3; dataset++) {
            List<Sample> own = samples.subList(3 * dataset, 3 * dataset + 3);
            assertThat(own)
                    .extracting(Sample::messages)
                    .containsExactlyInAnyOrderElementsOf(PAIRS.stream()
                            .map(word -> List.of(new Message("user", "say " + word), new Message("assistant", word)))
                            .toList());
            assertThat(own).extracting(sample -> sample.key().row()).containsExactly(0L, 1L, 2L);
        }
    }

    private static void assertRejects(List<Reject> rejects) {
        assertThat(rejects)
                .extracting(reject -> reject.key().id() + " " + reject.reason())
                .containsExactly(
                        "b.csv:3 ragged_row",
                        "chat.jsonl:1 broken_json",
                        "chat.jsonl:2 unknown_role",
                        "cut.json:1 broken_json");
        assertThat(rejects.get(0).raw()).contains("\"c\"").contains("\"e\"");
        assertThat(rejects.get(1).raw()).isEqualTo("{\"messages\": [{\"role\": \"user\"");
        assertThat(rejects.get(2).detail()).startsWith("chat.jsonl:4: ");
    }

    private static void assertFull(Sample sample) {
        assertThat(sample.messages().get(1).loss()).isFalse();
        assertThat(sample.rejectedMessages()).hasSize(2);
        assertThat(sample.positiveMessages()).containsExactly(List.of(new Message("user", "p")));
        assertThat(sample.margin()).isEqualTo(0.5);
        assertThat(sample.label()).isEqualTo("true");
        assertThat(sample.media()).isEqualTo(Map.of("images", "[\"x.png\"]"));
        assertThat(sample.channel()).isEqualTo("c");
        assertThat(sample.tools()).contains("\"name\"");
        assertThat(sample.extra()).isEqualTo(Map.of("solution", "{\"k\":1}"));
    }

    @Test
    void samplingRepeatingAndHoldingOutCountEveryRow() throws IOException {
        SourceDataset fewer = DataRun.sampled(0, rows(100), 50);
        SourceDataset more = DataRun.sampled(1, rows(10), 25);
        SourceDataset validation = SourceDataset.of("v", 2, List.of(rows(6).toString()), RowRules.renaming(Map.of()))
                .sampled(4)
                .forValidation();

        Ingest.Result result = run.ingest(task(700, 0.1, fewer, more, validation));

        assertThat(result.accounting()).isEqualTo(new Accounting(131, 79, Map.of("not_sampled", 52L)));
        assertThat(result.repeated()).isEqualTo(15);
        assertThat(result.keptBySplit()).isEqualTo(Map.of("train", 69L, "validation", 10L));
        assertThat(DataRun.samples(result.written().kept()))
                .isEqualTo(DataRun.samples(run.ingest(task(1 << 20, 0.1, fewer, more, validation))
                        .written()
                        .kept()));
    }

    @Test
    void mixingTakesRowsByProbabilityWhateverThePartitions() throws IOException {
        SourceDataset large = DataRun.dataset(0, rows(60));
        SourceDataset small = DataRun.dataset(1, rows(20));
        SourceDataset validation = SourceDataset.of("v", 2, List.of(rows(6).toString()), RowRules.renaming(Map.of()))
                .forValidation();

        Ingest.Result first = run.ingest(mixed(false, 300, large, small, validation));
        Map<String, Long> kept = first.keptByDataset();
        assertThat(kept.get("rows60.jsonl")).isBetween(1L, 60L);
        assertThat(kept).containsEntry("rows20.jsonl", 20L).containsEntry("v", 6L);
        assertThat(first.accounting().refused()).containsOnlyKeys("not_sampled");
        assertThat(DataRun.rejects(first.written()))
                .extracting(Reject::detail)
                .containsOnly("left out by interleave_prob");
        List<Sample> samples = DataRun.samples(first.written().kept());
        assertThat(DataRun.samples(run.ingest(mixed(false, 1 << 20, large, small, validation))
                        .written()
                        .kept()))
                .isEqualTo(samples);

        Ingest.Result all = run.ingest(mixed(true, 1 << 20, large, small, validation));
        assertThat(all.keptByDataset()).containsEntry("rows60.jsonl", 60L);
        assertThat(all.keptByDataset().get("rows20.jsonl")).isGreaterThan(20L);
        assertThat(all.repeated()).isEqualTo(all.keptByDataset().get("rows20.jsonl") - 20);
        assertThat(all.accounting().refused()).isEmpty();
    }

    private static Ingest.Task mixed(boolean all, long sliceBytes, SourceDataset... datasets) {
        return new Ingest.Task(
                List.of(datasets),
                42,
                Ingest.Order.DEFAULT,
                0,
                new Ingest.Mix(List.of(0.5, 0.5), all),
                false,
                sliceBytes);
    }

    @Test
    void strictNamesTheFirstBadRow() throws IOException {
        Path file = write("s.jsonl", LocalSpark.lines("{\"query\": \"a\", \"response\": \"b\"}", "x", "y"));
        Ingest.Task task = new Ingest.Task(
                List.of(DataRun.dataset(0, file)), 42, Ingest.Order.DEFAULT, 0, Ingest.Mix.NONE, true, 10);

        assertThatThrownBy(() -> run.ingest(task))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("broken_json at s.jsonl:2");
    }

    @Test
    void aMissingFileSaysWhatToDo() {
        assertThatThrownBy(() -> run.ingest(DataRun.dataset(0, folder.resolve("no*.jsonl"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no file is or matches")
                .hasMessageContaining("relative paths start at");
    }

    private Path full() throws IOException {
        return write(
                "full.jsonl",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", \"content\": \"a\", \"loss\": false}],"
                        + " \"rejected_response\": \"b\", \"margin\": 0.5, \"label\": true, \"images\": [\"x.png\"],"
                        + " \"positive_messages\": [[{\"role\": \"user\", \"content\": \"p\"}]], \"channel\": \"c\","
                        + " \"tools\": [{\"name\": \"f\"}], \"solution\": {\"k\": 1}}\n");
    }

    private static String csvPairs() {
        return PAIRS.stream().map(word -> "say " + word + "," + word + "\n").collect(Collectors.joining());
    }

    private static void parquet(Path csv, Path target) {
        LocalSpark.session()
                .read()
                .option("header", true)
                .csv(csv.toString())
                .repartition(2)
                .write()
                .parquet(target.toString());
    }

    private static Ingest.Task task(long sliceBytes, double ratio, SourceDataset... datasets) {
        return new Ingest.Task(List.of(datasets), 42, Ingest.Order.DEFAULT, ratio, Ingest.Mix.NONE, false, sliceBytes);
    }

    private Path rows(int count) throws IOException {
        return write(
                "rows" + count + ".jsonl",
                IntStream.range(0, count)
                        .mapToObj(row -> "{\"query\": \"q" + row + "\", \"response\": \"r\"}\n")
                        .collect(Collectors.joining()));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
