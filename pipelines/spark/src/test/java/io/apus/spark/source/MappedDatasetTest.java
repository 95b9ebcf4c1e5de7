package io.apus.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.ingest.RowRules;
import io.apus.corpus.ingest.SelfNames;
import io.apus.schemas.catalog.MappingStep;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog's mapping on executors: what it makes, refuses and draws depends on neither slices nor the format of the files. */
class MappedDatasetTest {
    private static final List<MappingStep> MAPPING = List.of(
            new MappingStep("each", Map.of("column", "who", "values", List.of("a", "b"))),
            new MappingStep("drop_if", Map.of("column", "n", "in", List.of(3, 7))),
            new MappingStep("pick", Map.of("into", "greeting", "of", List.of("Hi", "Hello", "Hey"))),
            new MappingStep("set", Map.of("query", "{greeting} {who} {n}", "response", "r")),
            new MappingStep("keep", Map.of("value", List.of("query", "response"))));

    @TempDir
    Path folder;

    @Test
    void everyRowIsMappedAlikeWhereverItIsRead() throws IOException {
        Path lines = folder.resolve("rows.jsonl");
        Files.writeString(
                lines,
                IntStream.range(0, 50).mapToObj(n -> "{\"n\": " + n + "}\n").collect(Collectors.joining()));
        Path parquet = folder.resolve("parquet");
        LocalSpark.session().read().json(lines.toString()).coalesce(1).write().parquet(parquet.toString());

        List<Row> whole = read(lines, 1 << 20);

        assertThat(whole).hasSize(100);
        assertThat(whole.subList(0, 2))
                .extracting(row -> row.getString(1).split(" ", 2)[1])
                .containsExactly("a 0", "b 0");
        assertThat(whole.get(14).getString(2)).isEqualTo("filtered_by_mapping");
        assertThat(whole.stream().filter(row -> row.getString(2) != null)).hasSize(4);
        assertThat(read(lines, 37)).isEqualTo(whole);
        assertThat(read(parquet, 1 << 20)).isEqualTo(whole);
    }

    private static List<Row> read(Path path, long sliceBytes) {
        SourceDataset dataset = SourceDataset.of(
                "d", 0, List.of(path.toString()), new RowRules(Map.of(), true, SelfNames.NONE, MAPPING));
        return new SourceReader(LocalSpark.session(), sliceBytes, 42)
                .read(List.of(dataset))
                .selectExpr("coalesce(kept.row, refused.row) as row", "kept.messages[0].content", "refused.reason")
                .orderBy("row")
                .collectAsList();
    }
}
