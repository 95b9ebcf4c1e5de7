package io.apus.hub;

import static io.apus.hub.repo.RepoKind.DATASET;
import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.repo.RepoKind;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.GlobFiles;
import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when a hub says no. */
class RefusalTest {
    @TempDir
    Path folder;

    private HubFixture fixture;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
        fixture.server.model("org/m").put("config.json", "{}");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void anAbsentRepositoryAsksForTheSpellingAndAToken() {
        assertRefused("hf", DATASET, "org/m", "")
                .hasMessageContaining("Cannot get the dataset org/m")
                .hasMessageContaining("private, gated or absent")
                .hasMessageContaining("that it is not a model")
                .hasMessageContaining("set HF_TOKEN");
        assertRefused("ms", DATASET, "org/m", "")
                .hasMessageContaining("Record not found")
                .hasMessageContaining("set MODELSCOPE_API_TOKEN");
    }

    @Test
    void aTokenThatDoesNotHelpIsNotPrinted() {
        fixture.with("HF_TOKEN", "hf_secret").server.model("org/private").needsToken("another");

        assertRefused("hf", MODEL, "org/private", "")
                .hasMessageContaining("check that HF_TOKEN")
                .hasMessageNotContaining("hf_secret");
    }

    @Test
    void aGatedRepositorySaysWhereToAsk() {
        fixture.server.model("org/gated").put("config.json", "{}").gated();

        assertRefused("hf", MODEL, "org/gated", "")
                .hasMessageContaining("it is gated")
                .hasMessageContaining("Ask for access on its page");
    }

    @Test
    void anUnknownRevisionIsNamed() {
        assertRefused("hf", MODEL, "org/m", "v9").hasMessageContaining("no revision \"v9\"");
        assertRefused("ms", MODEL, "org/m", "v9").hasMessageContaining("no revision \"v9\"");
    }

    @Test
    void patternsThatFitNothingAreRepeated() {
        assertThatThrownBy(() -> fixture.hub("hf")
                        .snapshot(MODEL, "org/m", "", GlobFiles.of(List.of("*.gguf"), List.of()), fixture.progress))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("none of its 1 files fits *.gguf");
    }

    @Test
    void anUnknownHubNamesTheKnownOnes() {
        assertThatThrownBy(() -> fixture.hub("hg"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Known: hf, ms");
    }

    private AbstractThrowableAssert<?, ?> assertRefused(String hub, RepoKind kind, String id, String revision) {
        return assertThatThrownBy(
                        () -> fixture.hub(hub).snapshot(kind, id, revision, FileSelection.all(), fixture.progress))
                .isInstanceOf(UserError.class);
    }
}
