package io.apus.spark.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {
    @TempDir
    Path folder;

    @Test
    void aTokenRowReadsBackEqualAndTheTableSaysWhatItsColumnsAre() {
        TokenRow row = tokens(7);

        PublishedTable table = TableWriter.write(folder.resolve("tokens"), Tables.TOKENS, frame(TokenRows.encode(row)));

        TokenRow read = TokenRows.decode(table.read(LocalSpark.session()).first());
        assertThat(read).usingRecursiveComparison().isEqualTo(row);
        assertThat(table.read(LocalSpark.session())
                        .schema()
                        .apply("loss_weights")
                        .getComment()
                        .get())
                .isEqualTo("weight of each token as a target");
    }

    @Test
    void aPinnedVersionIsReadWhateverIsWrittenBehindIt() {
        Path path = folder.resolve("tokens");
        PublishedTable pinned = TableWriter.write(path, Tables.TOKENS, frame(TokenRows.encode(tokens(1))));
        frame(TokenRows.encode(tokens(2)))
                .write()
                .format("delta")
                .mode("overwrite")
                .save(path.toString());

        assertThat(pinned.read(LocalSpark.session()).collectAsList())
                .extracting(row -> Keys.decode(row).row())
                .containsExactly(1L);
    }

    @Test
    void writingAgainReplacesWhatAnAttemptLeft() {
        Path path = folder.resolve("tokens");
        PublishedTable first = TableWriter.write(path, Tables.TOKENS, frame(TokenRows.encode(tokens(1))));
        PublishedTable second = TableWriter.write(path, Tables.TOKENS, frame(TokenRows.encode(tokens(2))));

        assertThat(second).isEqualTo(first);
        assertThat(second.read(LocalSpark.session()).collectAsList())
                .extracting(row -> Keys.decode(row).row())
                .containsExactly(2L);
    }

    @Test
    void aRowThatBreaksAConstraintIsRefused() {
        Object[] wrong = {"d", 0, 1L, 0, "train", 0, 0, "messages", 3, new Integer[] {1, 2}, new Float[] {0f, 1f}};
        Object[] missing = {"d", 0, 1L, 0, null, 0, 0, "messages", 0, new Integer[] {}, new Float[] {}};

        assertThatThrownBy(() -> TableWriter.write(folder.resolve("a"), Tables.TOKENS, frame(RowFactory.create(wrong))))
                .hasStackTraceContaining("length_is_size");
        assertThatThrownBy(
                        () -> TableWriter.write(folder.resolve("b"), Tables.TOKENS, frame(RowFactory.create(missing))))
                .hasStackTraceContaining("split");
    }

    private static Dataset<Row> frame(Row row) {
        TableLayout open = new TableLayout(
                "open",
                "",
                Tables.TOKENS.columns().stream()
                        .map(column -> new io.apus.schemas.table.Column(column.name(), column.type(), true, ""))
                        .toList(),
                List.of());
        return LocalSpark.session()
                .createDataFrame(List.of(row), org.apache.spark.sql.types.StructType.fromDDL(open.ddl()));
    }

    private static TokenRow tokens(long row) {
        return TokenRow.single(
                new SampleKey("d", 0, row, 0), "train", 0, new int[] {5, 6, 7}, new float[] {0, 1, 0.5f});
    }
}
