package io.apus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    private static final Fingerprint RUN = facts("dataset", "d1", "train.learning_rate", "0.001");

    @TempDir
    private Path folder;

    @Test
    void theNewestCompleteOneIsFound() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, null);
        assertThat(store.newest()).isEmpty();
        save(store, 9);
        save(store, 10);
        Files.createDirectories(folder.resolve("step-30.unfinished"));
        Files.createDirectories(folder.resolve("step-20")); // without a manifest it was never committed
        Files.createDirectories(folder.resolve("notes"));

        assertThat(store.newest()).contains(10);
        assertThat(store.verified(10, RUN).resolve("weights")).hasContent("weights of 10");
        assertThat(folder.resolve("step-30.unfinished")).doesNotExist();
    }

    @Test
    void aCheckpointWhoseWritingFailsDoesNotExist() {
        CheckpointStore store = new CheckpointStore(folder, null);

        assertThatThrownBy(() -> store.save(5, RUN, unfinished -> {
                    Files.writeString(unfinished.resolve("weights"), "half");
                    throw new IOException("disk full");
                }))
                .hasMessageContaining("step 5");

        assertThat(store.newest()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theOldestBeyondTheLimitAreRemoved() {
        CheckpointStore store = new CheckpointStore(folder, 2);
        for (int step : new int[] {8, 9, 10, 11}) {
            save(store, step);
        }

        assertThat(folder).isDirectoryNotContaining("glob:**/step-{8,9}");
        assertThat(folder.resolve("step-10")).exists();
        assertThat(folder.resolve("step-11")).exists();
    }

    @Test
    void oneFlippedByteRefuses() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, null);
        Path file = save(store, 5).resolve("weights");
        byte[] bytes = Files.readAllBytes(file);
        bytes[3] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> store.verified(5, RUN))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot resume from")
                .hasMessageContaining("weights was changed: its SHA-256 is ");
    }

    @Test
    void everyMissingFileIsNamed() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, null);
        Path checkpoint = save(store, 5);
        Files.delete(checkpoint.resolve("weights"));
        Files.delete(checkpoint.resolve("state/facts.json"));

        assertThatThrownBy(() -> store.verified(5, RUN))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("state/facts.json is missing; weights is missing");
    }

    @Test
    void aManifestThatPointsOutsideIsRefused() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, null);
        Path manifest = save(store, 5).resolve("manifest.json");
        Files.writeString(folder.resolve("outside"), "weights of 5");
        Files.writeString(manifest, Files.readString(manifest).replace("\"weights\"", "\"../outside\""));

        assertThatThrownBy(() -> store.verified(5, RUN))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("../outside");
    }

    @Test
    void everythingThatChangedIsNamed() {
        CheckpointStore store = new CheckpointStore(folder, null);
        save(store, 5);

        assertThatThrownBy(() -> store.verified(
                        5, facts("dataset", "d2", "train.learning_rate", "0.001", "train.optim", "adamw_torch")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("dataset was d1, is d2; train.optim was nothing, is adamw_torch.")
                .message()
                .doesNotContain("learning_rate");
    }

    private static Path save(CheckpointStore store, int step) {
        return store.save(step, RUN, unfinished -> {
            Files.writeString(unfinished.resolve("weights"), "weights of " + step);
            Files.createDirectories(unfinished.resolve("state"));
            Files.writeString(unfinished.resolve("state/facts.json"), "{}");
        });
    }

    private static Fingerprint facts(String... namesAndValues) {
        TreeMap<String, String> facts = new TreeMap<>(Map.of());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            facts.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Fingerprint(facts);
    }
}
