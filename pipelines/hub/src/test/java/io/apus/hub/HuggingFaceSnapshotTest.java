package io.apus.hub;

import static io.apus.hub.repo.RepoKind.DATASET;
import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.GlobFiles;
import io.apus.hub.select.ModelFiles;
import io.apus.testkit.hub.Asked;
import io.apus.testkit.hub.HubRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceSnapshotTest {
    @TempDir
    Path folder;

    private HubFixture fixture;
    private HubRepo repo;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
        repo = fixture.server
                .model("org/small")
                .put("config.json", "{\"model_type\": \"qwen3\"}")
                .put("sub/notes é.txt", "notes")
                .putLarge("model.safetensors", HubFixture.bytes(300_000))
                .putLarge("pytorch_model.bin", HubFixture.bytes(10));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aModelIsConfigurationAndSafetensorsNeverPickle() throws IOException {
        RepoFolder model = snapshot("", ModelFiles.all());

        assertThat(model.files().stream().map(RepoFile::path)).containsExactly("config.json", "model.safetensors");
        assertThat(model.commit()).isEqualTo(repo.commit());
        assertThat(Files.readAllBytes(model.folder().resolve("model.safetensors")))
                .isEqualTo(HubFixture.bytes(300_000));
        assertThat(fixture.askedPaths()).noneMatch(path -> path.contains("pytorch_model.bin"));
    }

    @Test
    void theCacheIsLaidOutAsThePythonClientLaysIt() throws IOException {
        snapshot("", FileSelection.all());

        String at = "hf/models--org--small/";
        String commit = repo.commit();
        assertThat(fixture.files().stream().filter(file -> !file.endsWith(".lock")))
                .containsExactlyInAnyOrder(
                        at + "blobs/" + repo.etag("config.json"),
                        at + "blobs/" + repo.etag("sub/notes é.txt"),
                        at + "blobs/" + repo.etag("model.safetensors"),
                        at + "blobs/" + repo.etag("pytorch_model.bin"),
                        at + "refs/main",
                        at + "snapshots/" + commit + "/config.json",
                        at + "snapshots/" + commit + "/sub/notes é.txt",
                        at + "snapshots/" + commit + "/model.safetensors",
                        at + "snapshots/" + commit + "/pytorch_model.bin",
                        at + "trees/" + commit + ".json");
        assertThat(Files.readString(folder.resolve(at + "refs/main"))).isEqualTo(commit);
        assertThat(Files.readSymbolicLink(folder.resolve(at + "snapshots/" + commit + "/sub/notes é.txt")))
                .isEqualTo(Path.of("../../../blobs/" + repo.etag("sub/notes é.txt")));
        assertThat(folder.resolve("hf/.locks/models--org--small/" + repo.etag("config.json") + ".lock"))
                .exists();
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        snapshot("", FileSelection.all());
        int before = fixture.server.asked().size();
        snapshot("", FileSelection.all());

        assertThat(fixture.askedPaths().subList(before, fixture.askedPaths().size()))
                .containsExactly("/api/models/org/small/revision/main", "/api/models/org/small/tree/" + repo.commit());
    }

    @Test
    void aCommitThatIsThereNeedsNoRequest() {
        snapshot(repo.commit(), FileSelection.all());
        int before = fixture.server.asked().size();
        snapshot(repo.commit(), FileSelection.all());

        assertThat(fixture.server.asked()).hasSize(before);
    }

    @Test
    void aNewCommitFetchesOnlyWhatChanged() throws IOException {
        Path old = snapshot("", FileSelection.all()).folder();
        int before = fixture.server.asked().size();
        repo.put("config.json", "{\"model_type\": \"llama\"}");
        Path now = snapshot("", FileSelection.all()).folder();

        assertThat(Files.readString(old.resolve("config.json"))).contains("qwen3");
        assertThat(Files.readString(now.resolve("config.json"))).contains("llama");
        assertThat(fixture.askedPaths().subList(before, fixture.askedPaths().size()).stream()
                        .filter(path -> !path.startsWith("/api/")))
                .containsExactly("/org/small/resolve/" + repo.commit() + "/config.json");
    }

    @Test
    void aListingOfManyPagesIsReadToItsEnd() {
        fixture.server.pageSize(1);

        assertThat(snapshot("", FileSelection.all()).files()).hasSize(4);
    }

    @Test
    void theTokenGoesToTheHubAndNotToTheFileServer() {
        fixture.with("HF_TOKEN", "hf_secret");
        repo.needsToken("hf_secret");
        snapshot("", FileSelection.all());

        List<Asked> asked = fixture.server.asked();
        assertThat(asked.stream().filter(Asked::files)).hasSize(2).allMatch(request -> request.authorization()
                .isEmpty());
        assertThat(asked.stream().filter(request -> !request.files()))
                .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
    }

    @Test
    void aDatasetHasItsOwnAddresses() {
        fixture.server.dataset("org/rows").put("train.jsonl", "{}\n");
        RepoFolder rows = fixture.hub("hf").snapshot(DATASET, "org/rows", null, FileSelection.all(), HubProgress.NONE);

        assertThat(rows.paths())
                .containsExactly(rows.folder().resolve("train.jsonl"))
                .allMatch(Files::exists);
        assertThat(fixture.askedPaths()).contains("/datasets/org/rows/resolve/" + rows.commit() + "/train.jsonl");
        assertThat(rows.folder().toString()).contains("datasets--org--rows");
    }

    @Test
    void withoutLinksTheSnapshotHoldsTheFilesThemselves() throws IOException {
        fixture.with("HF_HUB_DISABLE_SYMLINKS", "1");
        RepoFolder model = snapshot("", GlobFiles.of(List.of("*.json"), List.of()));
        RepoFolder again = snapshot("", GlobFiles.of(List.of("*.json"), List.of()));

        assertThat(Files.isRegularFile(model.folder().resolve("config.json"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(again).isEqualTo(model);
        assertThat(fixture.progress.done).containsExactly("config.json");
    }

    @Test
    void progressAddsUp() {
        snapshot("", FileSelection.all());

        assertThat(fixture.progress.received())
                .isEqualTo(fixture.progress.announced)
                .isGreaterThan(300_000);
        assertThat(fixture.progress.done).hasSize(4);
    }

    private RepoFolder snapshot(String revision, FileSelection selection) {
        return fixture.hub("hf").snapshot(MODEL, "org/small", revision, selection, fixture.progress);
    }
}
