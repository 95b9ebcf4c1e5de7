package io.apus.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.ingest.RepositoryPart;
import io.apus.corpus.ingest.RowRules;
import io.apus.schemas.UserError;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta tables and clones of repositories as datasets. */
class TableSourcesTest {
    @TempDir
    Path folder;

    @Test
    void aDeltaTableIsReadAtTheVersionAskedForAndPinnedWhenNoneIs() {
        append("0 1 2");
        append("3 4");
        LocalSpark.session()
                .sql("ALTER TABLE " + table() + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
        LocalSpark.session().sql("DELETE FROM " + table() + " WHERE query = '1'");

        assertThat(questions(dataset(0L))).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(questions(dataset(null))).containsExactlyInAnyOrder("0", "2", "3", "4");
        SourceDataset pinned = dataset(null).pinned(files(dataset(null)));
        assertThat(pinned.version()).isEqualTo(3);
        append("5");
        assertThat(questions(pinned)).hasSize(4);
        assertThat(questions(dataset(null))).hasSize(5);
        assertThatThrownBy(() -> files(dataset(9L)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("version 9 is not there yet")
                .hasMessageContaining("is 4");
    }

    @Test
    void onlyATableHasVersions() throws IOException {
        Files.writeString(folder.resolve("t"), "x");
        assertThatThrownBy(() -> files(dataset(1L)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Delta table");
    }

    @Test
    void aFolderIsTheCloneOfARepository() throws IOException {
        for (String name : List.of(
                "README.md", "dataset_infos.json", "LICENSE.txt", "en/train-0.jsonl", "en/test-0.jsonl", "zh/a.csv")) {
            Files.createDirectories(folder.resolve("t").resolve(name).getParent());
            Files.writeString(folder.resolve("t").resolve(name), "x\n");
        }
        assertThat(names(RepositoryPart.DEFAULT)).containsExactly("train-0.jsonl", "a.csv");
        assertThat(names(new RepositoryPart(List.of("en"), List.of("test")))).containsExactly("test-0.jsonl");
        assertThatThrownBy(() -> names(new RepositoryPart(List.of("fr"), List.of())))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("subset fr");
        assertThat(files(SourceDataset.of("d", 0, List.of(folder.toUri() + "t/en/*"), rules())))
                .hasSize(2);
    }

    private List<String> names(RepositoryPart part) {
        SourceDataset asked = new SourceDataset("d", 0, List.of(path()), part, null, rules(), null, false);
        return files(asked).stream()
                .map(file -> file.path().substring(file.path().lastIndexOf('/') + 1))
                .toList();
    }

    private void append(String questions) {
        LocalSpark.session()
                .createDataset(List.of(questions.split(" ")), org.apache.spark.sql.Encoders.STRING())
                .toDF("query")
                .withColumn("response", org.apache.spark.sql.functions.lit("r"))
                .coalesce(1)
                .write()
                .format("delta")
                .mode("append")
                .save(path());
    }

    private List<String> questions(SourceDataset dataset) {
        List<Row> rows = new SourceReader(LocalSpark.session(), 1 << 20, 42)
                .read(List.of(dataset))
                .selectExpr("kept.row", "kept.messages[0].content")
                .collectAsList();
        assertThat(rows.stream().map(row -> row.getLong(0)).distinct()).hasSameSizeAs(rows);
        return rows.stream().map(row -> row.getString(1)).toList();
    }

    private static List<SourceFile> files(SourceDataset dataset) {
        return new SourceFiles(new Configuration()).of(dataset);
    }

    private SourceDataset dataset(Long version) {
        return new SourceDataset("d", 0, List.of(path()), RepositoryPart.DEFAULT, version, rules(), null, false);
    }

    private static RowRules rules() {
        return RowRules.renaming(Map.of());
    }

    private String path() {
        return folder.resolve("t").toString();
    }

    private String table() {
        return "delta.`" + path() + "`";
    }
}
