package io.apus.hub;

import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.repo.RepoFile;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.GlobFiles;
import io.apus.hub.select.ModelFiles;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offline means that no connection is opened; what is cached is found, what is not is named. */
class OfflineTest {
    private static final FileSelection JSON_ONLY = GlobFiles.of(List.of("*.json"), List.of());

    @TempDir
    Path folder;

    private HubFixture fixture;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
        fixture.server
                .model("org/m")
                .put("config.json", "{}")
                .put("vocab.json", "{}")
                .put("README.md", "hello");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"hf, HF_HUB_OFFLINE", "hf, TRANSFORMERS_OFFLINE", "ms, HF_HUB_OFFLINE", "ms, MODELSCOPE_OFFLINE"})
    void whatWasDownloadedIsFoundAndNothingIsAsked(String hub, String variable) {
        RepoFolder online = snapshot(hub, JSON_ONLY);
        int before = fixture.server.asked().size();
        fixture.with(variable, "1");

        assertThat(snapshot(hub, JSON_ONLY)).isEqualTo(online);
        assertThat(fixture.server.asked()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf", "ms"})
    void whatIsMissingIsNamedInOneLineAndNothingIsAsked(String hub) {
        fixture.with("HF_HUB_OFFLINE", "true");
        assertThatThrownBy(() -> snapshot(hub, JSON_ONLY))
                .isInstanceOf(UserError.class)
                .hasMessageMatching(
                        "Cannot get the model org/m from 127.0.0.1 offline: revision \"\\w+\" of it is not in the cache.*");
        assertThat(fixture.server.asked()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf", "ms"})
    void aSnapshotInPartIsNotTakenForWhole(String hub) {
        snapshot(hub, JSON_ONLY);
        fixture.with("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(() -> snapshot(hub, FileSelection.all()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("README.md is not in the cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf", "ms"})
    void aHubThatDoesNotAnswerLeavesTheCacheAndSaysSo(String hub) {
        RepoFolder online = snapshot(hub, JSON_ONLY);
        fixture.server.close();

        assertThat(snapshot(hub, JSON_ONLY)).isEqualTo(online);
        assertThat(fixture.progress.notes).singleElement().asString().contains("does not answer", online.commit());
        assertThatThrownBy(() -> snapshot(hub, FileSelection.all()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no connection");
    }

    @Test
    void aCacheThatHuggingFacesClientFilledIsFound() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path repo = folder.resolve("hf/models--org--other");
        Path blob = Files.createDirectories(repo.resolve("blobs")).resolve("e".repeat(40));
        Path snapshot = Files.createDirectories(repo.resolve("snapshots/" + commit));
        Files.writeString(Files.createDirectories(repo.resolve("refs")).resolve("main"), commit);
        Files.writeString(blob, "{}");
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/" + "e".repeat(40)));
        fixture.with("HF_HUB_OFFLINE", "1");

        RepoFolder found = fixture.hub("hf").snapshot(MODEL, "org/other", null, ModelFiles.all(), fixture.progress);

        assertThat(found.folder()).isEqualTo(snapshot);
        assertThat(found.commit()).isEqualTo(commit);
        assertThat(found.files().stream().map(RepoFile::path)).containsExactly("config.json");
    }

    @Test
    void aCacheThatModelScopesOlderClientFilledIsFound() throws IOException {
        Path older = Files.createDirectories(folder.resolve("ms/hub/models/Qwen/Qwen3-0___6B"));
        Files.writeString(older.resolve("config.json"), "{}");
        Files.write(older.resolve(".msc"), new byte[] {(byte) 0x80, 4});
        Files.writeString(older.resolve(".mv"), "Revision:master,CreatedAt:1700000000");
        fixture.with("MODELSCOPE_OFFLINE", "1");

        RepoFolder found =
                fixture.hub("ms").snapshot(MODEL, "Qwen/Qwen3-0.6B", null, FileSelection.all(), fixture.progress);

        assertThat(found.paths()).containsExactly(older.resolve("config.json"));
        assertThatThrownBy(() -> fixture.hub("ms")
                        .snapshot(MODEL, "Qwen/Qwen3-0.6B", "v1.0", FileSelection.all(), fixture.progress))
                .hasMessageContaining("revision \"v1.0\" of it is not in the cache");
    }

    private RepoFolder snapshot(String hub, FileSelection selection) {
        return fixture.hub(hub).snapshot(MODEL, "org/m", null, selection, fixture.progress);
    }
}
