package io.apus.hub;

import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.select.FileSelection;
import io.apus.schemas.UserError;
import io.apus.testkit.hub.Asked;
import io.apus.testkit.hub.Fault;
import io.apus.testkit.hub.HubRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network does to downloads. */
class DownloadFaultsTest {
    private static final String FILE = "model.safetensors";
    private static final byte[] BYTES = HubFixture.bytes(500_000);

    @TempDir
    Path folder;

    private HubFixture fixture;
    private HubRepo repo;

    @BeforeEach
    void serve() {
        fixture = new HubFixture(folder);
        repo = fixture.server.model("org/m").putLarge(FILE, BYTES);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aCutConnectionGoesOnWhereItStopped() throws IOException {
        fixture.server.fail(FILE, new Fault.CutAfter(200_000), new Fault.CutAfter(100_000));

        assertThat(download()).isEqualTo(BYTES);
        assertThat(ranges()).containsExactly("", "bytes=200000-", "bytes=300000-");
        assertThat(fixture.waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(fixture.progress.received()).isEqualTo(BYTES.length);
    }

    @Test
    void aServerWithoutRangesBeginsAgain() throws IOException {
        fixture.server.fail(FILE, new Fault.CutAfter(200_000), new Fault.NoRanges());

        assertThat(download()).isEqualTo(BYTES);
        assertThat(ranges()).containsExactly("", "bytes=200000-");
        assertThat(fixture.progress.received()).isEqualTo(BYTES.length);
    }

    @Test
    void anEarlierProcessesPartIsUsed() throws IOException {
        fixture.server.fail(
                FILE, Collections.nCopies(6, new Fault.CutAfter(1000)).toArray(Fault[]::new));
        assertThatThrownBy(this::download)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(FILE + " stopped at 6000 of its 500000 bytes");

        assertThat(download()).isEqualTo(BYTES);
        assertThat(ranges().get(6)).isEqualTo("bytes=6000-");
    }

    @Test
    void aPartOfAnotherFileIsThrownAway() throws IOException {
        Path part = folder.resolve("hf/models--org--m/blobs/" + repo.etag(FILE) + ".apus.incomplete");
        Files.createDirectories(part.getParent());
        Files.write(part, HubFixture.bytes(1234));

        assertThat(download()).isEqualTo(BYTES);
        assertThat(ranges()).containsExactly("bytes=1234-", "");
        assertThat(part).doesNotExist();
    }

    @Test
    void wrongBytesAreDeletedAndTheFileIsNamed() throws IOException {
        fixture.server.fail(FILE, new Fault.WrongBytes());

        assertThatThrownBy(this::download)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(FILE)
                .hasMessageContaining(repo.etag(FILE))
                .hasMessageContaining("deleted");
        assertThat(fixture.files()).noneMatch(file -> file.contains("/blobs/") || file.contains("/snapshots/"));
    }

    @Test
    void aSmallFileIsCheckedAgainstGitsId() {
        repo.put("config.json", "{\"a\": 1}");
        fixture.server.fail("config.json", new Fault.WrongBytes());

        assertThatThrownBy(this::download)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot download config.json");
    }

    @Test
    void aWrongLengthIsNamedAndNothingIsKept() throws IOException {
        fixture.server.fail(
                FILE, Collections.nCopies(6, new Fault.WrongLength(7)).toArray(Fault[]::new));

        assertThatThrownBy(this::download)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(FILE + " stopped at 0 of its 500000 bytes (the hub announces 500007 bytes)");
        assertThat(fixture.files()).noneMatch(file -> file.contains("/snapshots/"));
    }

    @Test
    void tooManyRequestsWaitAsLongAsAsked() throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                HubFixture.NOW.plusSeconds(40).atOffset(ZoneOffset.UTC));
        fixture.server.fail(
                FILE, new Fault.Status(429, "17"), new Fault.Status(429, date), new Fault.Status(503, "9999"));

        assertThat(download()).isEqualTo(BYTES);
        assertThat(fixture.waits)
                .containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(40), Duration.ofMinutes(5));
    }

    @Test
    void serverErrorsAreTriedAgainALittleLaterEachTime() throws IOException {
        fixture.server.fail("/api/models/org/m/revision/main", new Fault.Status(500, ""), new Fault.Status(502, ""));

        assertThat(download()).isEqualTo(BYTES);
        assertThat(fixture.waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void afterSixFailuresItGivesUp() {
        fixture.server.fail(
                FILE, Collections.nCopies(9, new Fault.Status(503, "")).toArray(Fault[]::new));

        assertThatThrownBy(this::download).isInstanceOf(UserError.class).hasMessageContaining("503");
        assertThat(fixture.waits).hasSize(5);
    }

    @Test
    void aSilentServerIsGivenUpOn() throws IOException {
        fixture.patience(Duration.ofMillis(300)).server.fail(FILE, new Fault.Silence());

        assertThat(download()).isEqualTo(BYTES);
        assertThat(fixture.waits).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void anotherCommitThanTheListingsIsRefused() {
        repo.put("config.json", "{}");
        fixture.server.fail("config.json", new Fault.Header("X-Repo-Commit", "0".repeat(40)));

        assertThatThrownBy(this::download).isInstanceOf(UserError.class).hasMessageContaining("X-Repo-Commit");
    }

    @Test
    void aFileThatWasShortenedOnDiskIsFetchedAgain() throws IOException {
        download();
        Files.write(folder.resolve("hf/models--org--m/blobs/" + repo.etag(FILE)), new byte[3]);

        assertThat(download()).isEqualTo(BYTES);
    }

    private byte[] download() throws IOException {
        RepoFolder model = fixture.hub("hf").snapshot(MODEL, "org/m", "", FileSelection.all(), fixture.progress);
        return Files.readAllBytes(model.folder().resolve(FILE));
    }

    private List<String> ranges() {
        return fixture.server.asked().stream()
                .filter(Asked::files)
                .map(Asked::range)
                .toList();
    }
}
