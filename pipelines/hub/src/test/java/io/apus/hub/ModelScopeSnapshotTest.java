package io.apus.hub;

import static io.apus.hub.repo.RepoKind.DATASET;
import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.select.FileSelection;
import io.apus.testkit.hub.Asked;
import io.apus.testkit.hub.Fault;
import io.apus.testkit.hub.HubRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelScopeSnapshotTest {
    @TempDir
    Path folder;

    private HubFixture fixture;
    private HubRepo repo;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
        repo = fixture.server
                .model("org/small.v1")
                .put("config.json", "{}")
                .put("sub/a b&c.txt", "text")
                .putLarge("model.safetensors", HubFixture.bytes(50_000));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theCacheIsLaidOutAsThePythonClientLaysIt() throws IOException {
        RepoFolder model = snapshot();

        String at = "ms/models/org--small.v1/";
        assertThat(fixture.files().stream().filter(file -> !file.endsWith(".lock")))
                .containsExactlyInAnyOrder(
                        at + "snapshots/master/config.json",
                        at + "snapshots/master/model.safetensors",
                        at + "snapshots/master/sub/a b&c.txt",
                        at + "trees/master.json");
        assertThat(folder.resolve("ms/.lock/model_org___small.v1_config_json.lock"))
                .exists();
        assertThat(model.commit()).isEqualTo(repo.commit());
        assertThat(Files.readAllBytes(model.folder().resolve("model.safetensors")))
                .isEqualTo(HubFixture.bytes(50_000));
    }

    @Test
    void aFolderOfTheOlderClientIsCompletedWhereItIs() throws IOException {
        Path older = Files.createDirectories(folder.resolve("ms/models/org/small___v1"));
        Files.writeString(older.resolve("config.json"), "{}");
        RepoFolder model = snapshot();

        assertThat(model.folder()).isEqualTo(older);
        assertThat(fixture.progress.done).containsExactlyInAnyOrder("model.safetensors", "sub/a b&c.txt");
    }

    @Test
    void aBranchThatMovedBringsTheNewBytesIntoItsFolder() throws IOException {
        snapshot();
        repo.put("config.json", "[]");

        assertThat(Files.readString(snapshot().folder().resolve("config.json"))).isEqualTo("[]");
        assertThat(fixture.progress.done).hasSize(4).endsWith("config.json");
    }

    @Test
    void aLongDatasetIsReadPageByPage() {
        HubRepo rows = fixture.server.dataset("org/rows");
        for (int i = 0; i < 401; i++) {
            rows.put("part-" + i + ".jsonl", "");
        }
        RepoFolder found = fixture.hub("ms").snapshot(DATASET, "org/rows", "", FileSelection.all(), fixture.progress);

        assertThat(found.files()).hasSize(401);
        assertThat(fixture.askedPaths())
                .filteredOn(path -> path.endsWith("/repo/tree"))
                .hasSize(3);
        assertThat(fixture.askedPaths()).as("empty files are not asked for").noneMatch(path -> path.endsWith("/repo"));
    }

    @Test
    void theTokenGoesToTheHubAndNotToTheFileServer() {
        fixture.with("MODELSCOPE_API_TOKEN", "ms-secret");
        repo.needsToken("ms-secret");
        snapshot();

        assertThat(fixture.server.asked().stream().filter(Asked::files))
                .hasSize(1)
                .allMatch(asked ->
                        asked.cookie().isEmpty() && asked.authorization().isEmpty());
    }

    @Test
    void cutsAndWrongBytesAreSeenHereToo() throws IOException {
        fixture.server.fail("model.safetensors", new Fault.CutAfter(20_000), new Fault.WrongBytes());

        assertThatThrownBy(this::snapshot).hasMessageContaining("Cannot download model.safetensors");
        assertThat(fixture.files()).noneMatch(file -> file.contains("model.safetensors"));
        assertThat(Files.readAllBytes(snapshot().folder().resolve("model.safetensors")))
                .hasSize(50_000);
    }

    private RepoFolder snapshot() {
        return fixture.hub("ms").snapshot(MODEL, "org/small.v1", "", FileSelection.all(), fixture.progress);
    }
}
