package io.apus.jobs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.ingest.DatasetSpec;
import io.apus.jobs.launch.Progress;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.IngestSpec;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import io.apus.testkit.hub.Asked;
import io.apus.testkit.hub.LoopbackHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets by their ids on hubs, known to the catalog or not. */
class HubDatasetsTest {
    @TempDir
    Path folder;

    private LoopbackHub hub;

    @BeforeEach
    void serve() throws IOException {
        hub = LoopbackHub.start();
        hub.dataset("org/set")
                .put("train.jsonl", "{\"query\": \"q\", \"response\": \"r\"}\n")
                .put("test.jsonl", "{\"query\": \"held out\", \"response\": \"r\"}\n");
        hub.dataset("org/known")
                .put("one/train.jsonl", "{\"ask\": \"1\", \"tell\": \"r\"}\n")
                .put("two/train.jsonl", "{\"ask\": \"2\", \"tell\": \"r\"}\n");
        Files.createDirectories(folder.resolve("datasets"));
        Files.writeString(
                folder.resolve("datasets/known.yaml"),
                """
                hf: org/known
                subsets:
                  - {name: one}
                  - {name: two}
                columns: {ask: query, tell: response}
                """);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void theSplitThatIsAskedForIsDownloadedOnce() {
        assertThat(files("hf::org/set")).containsExactly("train.jsonl");
        assertThat(files("hf::org/set/test#1")).containsExactly("test.jsonl");
        int asked = hub.asked().size();
        assertThat(files("hf::org/set")).containsExactly("train.jsonl");
        assertThat(hub.asked().subList(asked, hub.asked().size()))
                .extracting(Asked::path)
                .noneMatch(path -> path.endsWith("train.jsonl"));
    }

    @Test
    void theCatalogChoosesSubsetsAndMapsTheirRows() {
        assertThat(files("known:two")).containsExactly("two/train.jsonl");
        assertThat(files("hf::org/known:all")).containsExactly("one/train.jsonl", "two/train.jsonl");
        assertThat(find("known:one").keySet())
                .allSatisfy(dataset -> assertThat(dataset.rules().mapping()).hasSize(1));
        assertThatThrownBy(() -> find("known"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it has the subsets one, two");
        assertThatThrownBy(() -> find("ms::org/known:one"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Write hf::org/known.");
    }

    @Test
    void aPlanAsksNobody() {
        Map<SourceDataset, List<SourceFile>> planned = Datasets.find(
                IngestSpec.of(List.of("hf::org/set#5")), folder, new Configuration(), Repositories.none());

        assertThat(planned.values()).containsExactly(List.of());
        assertThat(hub.asked()).isEmpty();
        assertThat(DatasetSpec.parse("hf::org/set#5", any -> false).sample()).isEqualTo(5);
        planned.forEach((dataset, files) -> assertThat(Estimates.dataset(dataset, files, 0))
                .isEqualTo("reads hf::org/set (5 rows of it): from its hub, downloaded when the stage runs"));
    }

    private List<String> files(String name) {
        return find(name).values().stream()
                .flatMap(List::stream)
                .map(file -> file.path().replaceFirst(".*/snapshots/[^/]*/", ""))
                .toList();
    }

    private Map<SourceDataset, List<SourceFile>> find(String name) {
        Map<String, String> env = Map.of(
                "HF_ENDPOINT", hub.endpoint(),
                "HF_HOME", folder.resolve("cache").toString());
        return Datasets.find(
                IngestSpec.of(List.of(name)), folder, new Configuration(), new HubRepositories(env, silent()));
    }

    private static Progress silent() {
        return new Progress() {
            @Override
            public void begin(String phase, long total) {}

            @Override
            public void update(long done, String note) {}

            @Override
            public void end(String note) {}
        };
    }
}
