package io.apus.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.ingest.RowRules;
import io.apus.schemas.UserError;
import io.apus.spark.LocalSpark;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceReaderTest {
    @TempDir
    Path folder;

    /** Rows are numbered over the files of a folder in the order of their paths, however small the slices are. */
    @Test
    void numbersDoNotDependOnSlices() throws IOException {
        for (int file = 0; file < 3; file++) {
            int number = file;
            Files.writeString(
                    folder.resolve("part" + file + (file == 1 ? ".json" : ".jsonl")),
                    IntStream.range(0, 40)
                            .mapToObj(row -> "{\"query\": \"é " + number + " " + row + "\", \"response\": \"r\"}\r\n")
                            .collect(Collectors.joining()));
        }

        List<Row> whole = read(1 << 20);

        assertThat(whole).hasSize(120);
        assertThat(whole.get(57).getLong(0)).isEqualTo(57);
        assertThat(whole.get(57).getString(1)).isEqualTo("é 1 17");
        assertThat(read(333)).isEqualTo(whole);
        assertThat(read(41)).isEqualTo(whole);
    }

    private List<Row> read(long sliceBytes) {
        return new SourceReader(LocalSpark.session(), sliceBytes, 42)
                .read(List.of(dataset(folder.toString())))
                .selectExpr("kept.row", "kept.messages[0].content", "rank")
                .orderBy("row")
                .collectAsList();
    }

    @Test
    void aFolderGivesItsDataFilesInTheOrderOfTheirPaths() throws IOException {
        for (String name : List.of("b.jsonl", "a/z.csv", "_log.jsonl", ".hidden.json", "notes.md", "a/c.txt")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "x\n");
        }

        assertThat(find(folder.toString())).containsExactly("a/c.txt", "a/z.csv", "b.jsonl");
        assertThat(find(folder + "/{b,_log}.json*")).containsExactly("_log.jsonl", "b.jsonl");
    }

    @Test
    void aNameThatLooksLikeAGlobIsTakenLiterally() throws IOException {
        Path file = Files.writeString(folder.resolve("odd [1], {a} 100%.jsonl"), "x\n");

        assertThat(find(file.toString())).hasSize(1);
    }

    /** On a Hadoop cluster names without a scheme are of its file system; a glob of files here is still understood. */
    @Test
    void aGlobMayBeOfThisMachineWhereAnotherFileSystemIsTheUsualOne() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "x\n");
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.defaultFS", "empty:///");
        hadoop.setClass("fs.empty.impl", Empty.class, FileSystem.class);

        assertThat(new SourceFiles(hadoop).of(dataset(folder + "/*.jsonl")))
                .extracting(SourceFile::path)
                .containsExactly(folder.resolve("a.jsonl").toUri().toString().replace("///", "/"));
    }

    /** A file system with nothing in it. */
    public static final class Empty extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("empty:///");
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            throw new FileNotFoundException(path.toString());
        }

        @Override
        public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
            throw new FileNotFoundException(path.toString());
        }
    }

    @Test
    void whatCannotBeFoundSaysWhatToDo() {
        assertThatThrownBy(() -> find(folder.resolve("no*.jsonl").toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no file is or matches")
                .hasMessageContaining("relative paths start at");
        assertThatThrownBy(() -> find("nowhere://a/b.jsonl")).isInstanceOf(UserError.class);
    }

    private List<String> find(String pattern) {
        return new SourceFiles(new Configuration(false))
                .of(dataset(pattern)).stream()
                        .map(file -> folder.toUri()
                                .relativize(URI.create(
                                        "file://" + URI.create(file.path()).getRawPath()))
                                .getPath())
                        .toList();
    }

    private static SourceDataset dataset(String pattern) {
        return SourceDataset.of("d", 0, List.of(pattern), RowRules.renaming(Map.of()));
    }
}
