package io.apus.jobs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.IngestSpec;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("repo/en/train.jsonl", "repo/en/test.jsonl", "repo/zh/train.jsonl", "a.jsonl")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "{\"query\": \"q\"}\n");
        }
        Files.createDirectories(folder.resolve("table/_delta_log"));
        for (int version = 0; version < 3; version++) {
            Files.writeString(folder.resolve("table/_delta_log/0000000000000000000" + version + ".json"), "{}");
        }
    }

    @Test
    void foldersFilesGlobsAndTablesAreFound() {
        assertThat(sources("repo")).containsExactly("repo: 2 files, 30 bytes");
        assertThat(sources("repo:en/test#1")).containsExactly("repo:en/test: 1 file, 15 bytes");
        assertThat(sources("repo/test", "a.jsonl#7"))
                .containsExactly("repo/test: 1 file, 15 bytes", "a.jsonl: 1 file, 15 bytes");
        assertThat(sources("repo/*/*.jsonl")).containsExactly("repo/*/*.jsonl: 3 files, 45 bytes");
        assertThat(sources("table")).containsExactly("table: version 2 of the table, 0 bytes");
        assertThat(sources("table@v1")).containsExactly("table@v1: version 1 of the table, 0 bytes");
    }

    @Test
    void pathsOfHadoopAreFound() {
        String root = folder.toUri().toString();
        assertThat(find(IngestSpec.of(List.of(root + "a.jsonl#3"))).keySet())
                .extracting(SourceDataset::sample)
                .containsExactly(3L);
        assertThat(find(IngestSpec.of(List.of(root + "table@v0"))).keySet())
                .extracting(SourceDataset::version)
                .containsExactly(0L);
    }

    @Test
    void everyDatasetThatIsNotHereIsNamedAtOnce() {
        IngestSpec spec = IngestSpec.of(List.of(
                "hf::org/set:main:test#5",
                "nothing-known",
                folder + "/table@v7",
                folder + "/a.jsonl:en",
                "nothing://x/y"));
        assertThatThrownBy(() -> find(spec))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("5 datasets cannot be read")
                .hasMessageContaining("hf::org/set:main:test: it is no id of a dataset")
                .hasMessageContaining("version 7 is not there yet")
                .hasMessageContaining("only a folder has subsets and splits");
    }

    private List<String> sources(String... names) {
        String root = folder + "/";
        List<String> datasets = List.of(names).stream().map(name -> root + name).toList();
        return find(IngestSpec.of(datasets)).entrySet().stream()
                .map(found -> Estimates.source(found.getKey(), found.getValue()).replace(root, ""))
                .toList();
    }

    private Map<SourceDataset, List<SourceFile>> find(IngestSpec spec) {
        return Datasets.find(spec, folder, new Configuration(), Repositories.none());
    }
}
