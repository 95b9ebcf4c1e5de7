package io.apus.hub;

import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.repo.HubProgress;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.GlobFiles;
import io.apus.schemas.UserError;
import io.apus.testkit.hub.Fault;
import io.apus.testkit.hub.HubRepo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub, or a repository on it, that means harm: one line, and nothing outside the cache, or inside it. */
class HostileHubTest {
    @TempDir
    Path folder;

    private HubFixture fixture;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    static Stream<String> names() {
        return Stream.of(
                "../x",
                "a/../../x",
                "/x",
                "C:\\x",
                "C:/x",
                "a/C:x",
                "\\\\h\\s",
                "a\\..\\x",
                "a\0b",
                "a\nb",
                "a//b",
                "./a",
                "a/",
                "x".repeat(300),
                "d/".repeat(600) + "x");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameThatLeadsElsewhereIsRefusedByBothHubs(String name) throws IOException {
        fixture.server.model("org/evil").put("config.json", "{}").put(name, "evil");

        for (String hub : List.of("hf", "ms")) {
            assertRefused(hub, FileSelection.all());
        }
        assertThat(fixture.files()).isEmpty();
        assertThat(fixture.askedPaths()).noneMatch(path -> path.contains("resolve") || path.endsWith("/repo"));
    }

    @Test
    void aLinkIsRefusedWhereItIsWanted() {
        fixture.server.model("org/evil").put("config.json", "{}").putLink("passwords", "../../../../etc/passwd");

        for (String hub : List.of("hf", "ms")) {
            assertRefused(hub, FileSelection.all());
            assertThat(snapshot(hub, GlobFiles.of(List.of("*.json"), List.of())).files())
                    .hasSize(1);
        }
    }

    @Test
    void namesThatAreOneFileOnSomeSystemsAreRefused() {
        fixture.server.model("org/evil").put("config.json", "{}").put("Config.json", "[]");

        assertThatThrownBy(() -> snapshot("hf", FileSelection.all())).hasMessageContaining("cannot both be files");
    }

    @Test
    void aFileThatIsAnothersFolderIsRefused() {
        fixture.server.model("org/evil").put("A", "").put("a/b", "");

        assertThatThrownBy(() -> snapshot("hf", FileSelection.all())).hasMessageContaining("cannot both be files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://127.0.0.1/x",
                "jar:file:/x!/y",
                "http://user@127.0.0.1/",
                "http:///x",
                ":::"
            })
    void aRedirectToAnotherKindOfAddressIsRefused(String location) {
        fixture.server.model("org/evil").putLarge("model.safetensors", HubFixture.bytes(10));
        fixture.server.fail("redirect model.safetensors", new Fault.Redirect(location));

        assertThatThrownBy(() -> snapshot("hf", FileSelection.all()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("redirects");
    }

    @Test
    void redirectsInACircleEnd() {
        HubRepo repo = fixture.server.model("org/evil").putLarge("model.safetensors", HubFixture.bytes(10));
        Fault again = new Fault.Redirect(
                fixture.server.fileEndpoint() + "/models/org/evil/" + repo.etag("model.safetensors"));
        fixture.server.fail("model.safetensors", Collections.nCopies(9, again).toArray(Fault[]::new));

        assertThatThrownBy(() -> snapshot("hf", FileSelection.all()))
                .hasMessageContaining("redirects more than 5 times");
    }

    @Test
    void aMovedRepositoryIsFollowedWithinTheHub() {
        fixture.with("HF_TOKEN", "t").server.model("org/new").put("config.json", "{}");
        fixture.server.fail(
                "/api/models/org/evil/revision/main", new Fault.Redirect("/api/models/org/new/revision/main"));
        fixture.server.model("org/evil").put("config.json", "{}");

        assertThat(snapshot("hf", FileSelection.all()).files()).hasSize(1);
        assertThat(fixture.server.asked())
                .allMatch(asked -> asked.authorization().equals("Bearer t"));
    }

    @Test
    void anAnswerThatIsNoListingIsRefused() {
        fixture.server.model("org/evil");
        fixture.server.fail("/api/models/org/evil/revision/main", new Fault.Header("x", "y"));
        fixture.server.fail("/api/v1/models/org/evil/repo/files", new Fault.Header("x", "y"));

        assertThatThrownBy(() -> snapshot("hf", FileSelection.all())).hasMessageContaining("names no commit");
        assertThatThrownBy(() -> snapshot("ms", FileSelection.all())).hasMessageContaining("no revision");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b/c", "a/../b", "a--b/c", "", "a b", "https://hub/x", "a/b\n"})
    void anIdThatIsNoIdIsRefusedBeforeAnyRequest(String id) {
        assertThatThrownBy(() -> fixture.hub("hf").snapshot(MODEL, id, "", FileSelection.all(), HubProgress.NONE))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() ->
                        fixture.hub("hf").snapshot(MODEL, "a/b", "../" + id, FileSelection.all(), HubProgress.NONE))
                .isInstanceOf(UserError.class);
        assertThat(fixture.server.asked()).isEmpty();
    }

    private void assertRefused(String hub, FileSelection selection) {
        assertThatThrownBy(() -> snapshot(hub, selection))
                .isInstanceOf(UserError.class)
                .satisfies(error -> assertThat(error.getMessage().lines()).hasSize(1));
    }

    private RepoFolder snapshot(String hub, FileSelection selection) {
        return fixture.hub(hub).snapshot(MODEL, "org/evil", "", selection, HubProgress.NONE);
    }
}
