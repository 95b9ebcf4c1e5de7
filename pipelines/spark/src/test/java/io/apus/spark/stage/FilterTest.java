package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.spec.FilterRule;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterTest {
    @TempDir
    Path folder;

    @Test
    void filtersRefuseInOrderAndOfDuplicatesTheFirstIsKept() throws IOException {
        Path first = Files.writeString(
                folder.resolve("a.jsonl"),
                LocalSpark.lines(
                        qa("q1", "same"),
                        qa("q2", ""),
                        qa("q3", "x".repeat(1_000_001)),
                        qa("q1", "same"),
                        "{\"messages\": [{\"role\": \"assistant\", \"content\": \"\"}, {\"role\": \"assistant\", \"content\": \"b\"},"
                                + " {\"role\": \"user\", \"content\": \"c\"}]}"));
        Path second =
                Files.writeString(folder.resolve("b.jsonl"), LocalSpark.lines(qa("q1", "same"), qa("q4", "other")));
        DataRun run = new DataRun(folder.resolve("run"));
        Ingest.Result ingested = run.ingest(DataRun.dataset(0, first), DataRun.sampled(1, second, 4));

        Filter.Result result = run.filter(ingested.written().kept());

        assertThat(ingested.accounting().kept()).isEqualTo(9);
        List<Sample> kept = DataRun.samples(result.written().kept());
        assertThat(kept)
                .extracting(sample -> sample.key().id())
                .containsExactly("a.jsonl:0", "b.jsonl:1", "b.jsonl:1:1");
        List<Reject> rejects = DataRun.rejects(result.written());
        assertThat(rejects)
                .extracting(reject -> reject.key().id() + " " + reject.reason())
                .containsExactly(
                        "a.jsonl:1 empty",
                        "a.jsonl:2 length",
                        "a.jsonl:3 exact_duplicate",
                        "a.jsonl:4 " + rejects.get(3).reason(),
                        "b.jsonl:0 exact_duplicate",
                        "b.jsonl:0:1 exact_duplicate");
        assertThat(rejects.get(2).detail()).isEqualTo("the same as a.jsonl:0");
        assertThat(rejects.get(2).raw()).contains("\"content\":\"same\"");
        assertThat(result.accounting())
                .isEqualTo(new Accounting(9, 3, result.written().refused()));
        assertThat(result.written().refused()).containsEntry("exact_duplicate", 3L);
    }

    @Test
    void withoutTheFilterDuplicatesStay() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), LocalSpark.lines(qa("q", "a"), qa("q", "a")));
        DataRun run = new DataRun(folder.resolve("run"));

        Filter.Result result =
                run.filter(run.ingest(DataRun.dataset(0, file)).written().kept(), "empty");

        assertThat(result.accounting()).isEqualTo(new Accounting(2, 2, Map.of()));
    }

    @Test
    void filtersOfBothKindsTakeTurnsInTheOrderGivenAndEveryRowIsAccountedFor() throws IOException {
        String long1 = "the swift spends most of its life in the air and comes to land only to breed in spring";
        Path first = Files.writeString(
                folder.resolve("a.jsonl"),
                LocalSpark.lines(
                        qa("mail a@b.example", long1),
                        qa("mail c@d.example", long1),
                        qa("mail c@d.example or +49 30 1234567", long1 + " again"),
                        qa("q", "short"),
                        qa("q2", "one two three four"),
                        qa("q3", "five six seven eight"),
                        qa("q4", "nine ten eleven twelve")));
        DataRun run = new DataRun(folder.resolve("run"));
        Ingest.Result ingested = run.ingest(DataRun.dataset(0, first));

        Filter.Result result = run.filter(
                ingested.written().kept(),
                List.of(
                        FilterRule.named("pii"),
                        FilterRule.named("exact_duplicate"),
                        FilterRule.named("length").with("min_words", "4"),
                        FilterRule.named("near_duplicate").with("threshold", "0.6"),
                        FilterRule.named("cap").with("per_dataset", "2")));

        List<Reject> rejects = DataRun.rejects(result.written());
        assertThat(rejects)
                .extracting(reject -> reject.key().row() + " " + reject.reason())
                .contains("0 near_duplicate", "1 exact_duplicate", "3 length")
                .hasSize(5);
        assertThat(rejects.get(1).raw()).contains("mail [EMAIL]").doesNotContain("@");
        assertThat(result.written().refused())
                .isEqualTo(Map.of("cap", 2L, "exact_duplicate", 1L, "length", 1L, "near_duplicate", 1L));
        assertThat(result.accounting())
                .isEqualTo(new Accounting(7, 2, result.written().refused()));
        boolean mailStays = DataRun.samples(result.written().kept()).stream()
                .anyMatch(sample -> sample.messages().get(0).content().contains("[EMAIL]"));
        assertThat(result.edits()).isEqualTo(mailStays ? Map.of("pii_email", 1L, "pii_phone", 1L) : Map.of());
    }

    private static String qa(String query, String response) {
        return "{\"query\": \"" + query + "\", \"response\": \"" + response + "\"}";
    }
}
