package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.manifest.Accounting;
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
                        qa("q3", "x".repeat(20_000)),
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

    private static String qa(String query, String response) {
        return "{\"query\": \"" + query + "\", \"response\": \"" + response + "\"}";
    }
}
