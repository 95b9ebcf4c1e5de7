package io.apus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.FaultyStorage.Fault;
import io.apus.train.storage.Storage;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong with the storage, and wherever: what is resumed is the old checkpoint in every bit, or the new one in every bit, or
 * nothing, with an error.
 */
class CheckpointFaultsTest {
    private static final Fingerprint RUN = new Fingerprint(new TreeMap<>(Map.of("dataset", "d")));
    private static final int SIZE = 50;

    private final Collectives alone = Collectives.alone();
    private final Scope scope = Scope.open();
    private final Tensor weights = Torch.zeros(SIZE);
    private final Tensor moments = Torch.zeros(SIZE);

    @AfterEach
    void free() {
        scope.close();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultAtAnyCallOfSavingLeavesTheOldOrTheNew(Fault fault) {
        MemoryStorage before = new MemoryStorage();
        save(before, 1, null);
        boolean struck = true;
        int calls = 0;
        for (; struck; calls++) {
            MemoryStorage storage = before.copy();
            FaultyStorage faulty = new FaultyStorage(storage, fault, calls);
            boolean saved = saves(faulty, 2);
            struck = faulty.struck();
            int resumed = resumed(storage);
            String where = fault + " at call " + calls;
            boolean silent = fault == Fault.LOST_WRITE || fault == Fault.FLIPPED_BIT;
            assertThat(resumed).as(where).isIn(silent ? new Integer[] {0, 1, 2} : new Integer[] {1, 2});
            if (saved && !silent) {
                assertThat(resumed).as(where).isEqualTo(2);
            }
            if (resumed == 0 && storage.files.containsKey("step-1/manifest.json")) {
                storage.delete("step-2");
                assertThat(resumed(storage))
                        .as(where + ", the damaged one removed")
                        .isEqualTo(1);
            }
        }
        assertThat(calls).isGreaterThan(12);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultAtAnyCallOfLoadingLoadsNothingWrong(Fault fault) {
        MemoryStorage storage = new MemoryStorage();
        save(storage, 1, null);
        save(storage, 2, null);
        boolean struck = true;
        for (int calls = 0; struck; calls++) {
            FaultyStorage faulty = new FaultyStorage(storage.copy(), fault, calls);
            int resumed = resumed(faulty);
            struck = faulty.struck();
            boolean harmless = fault == Fault.SHORT_WRITE || fault == Fault.LOST_WRITE || !struck;
            assertThat(resumed)
                    .as(fault + " at call " + calls)
                    .isIn(harmless ? new Integer[] {2} : new Integer[] {0, 2});
        }
    }

    @Test
    void anyFlippedByteIsFound() {
        MemoryStorage storage = new MemoryStorage();
        save(storage, 1, null);
        storage.copy().files.forEach((name, bytes) -> {
            for (int i = 0; i < bytes.length; i += name.endsWith("manifest.json") ? 7 : 3) {
                MemoryStorage damaged = storage.copy();
                damaged.files.get(name)[i] ^= 1;
                assertThat(resumed(damaged)).as(name + " at " + i).isIn(0, 1);
                assertThat(values()).isNotEqualTo(2f);
            }
        });
    }

    @Test
    void aFlippedByteAMissingFileAndAChangedRunAreNamed() {
        MemoryStorage storage = new MemoryStorage();
        save(storage, 1, null);
        String file = storage.files.keySet().stream()
                .filter(name -> name.contains("optimizer"))
                .findFirst()
                .orElseThrow();
        MemoryStorage flipped = storage.copy();
        flipped.files.get(file)[200] ^= 1;
        MemoryStorage missing = storage.copy();
        missing.files.remove(file);

        assertThatThrownBy(() -> load(flipped))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(
                        "Cannot resume from memory/step-1: " + file.substring(7) + " was changed: its SHA-256 is ");
        assertThatThrownBy(() -> load(missing))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file.substring(7) + " is missing. Remove this checkpoint");
        Fingerprint other = new Fingerprint(new TreeMap<>(Map.of("dataset", "e")));
        assertThatThrownBy(() -> other.requireSame(RUN, "step-1", name -> false))
                .hasMessageContaining("dataset was d, is e");
    }

    @Test
    void aManifestThatBreaksOffWasNeverCommitted() {
        MemoryStorage storage = new MemoryStorage();
        save(storage, 1, null);
        save(storage, 2, null);
        byte[] manifest = storage.files.get("step-2/manifest.json");
        for (int length = 0; length < manifest.length; length++) {
            MemoryStorage torn = storage.copy();
            torn.files.put("step-2/manifest.json", Arrays.copyOf(manifest, length));
            assertThat(resumed(torn)).as("%d bytes", length).isEqualTo(1);
        }
    }

    @Test
    void aManifestWithAFlippedByteIsRefused() {
        MemoryStorage storage = new MemoryStorage();
        save(storage, 1, null);
        save(storage, 2, null);
        byte[] manifest = storage.files.get("step-2/manifest.json");
        for (int place = 0; place < manifest.length; place++) {
            MemoryStorage flipped = storage.copy();
            flipped.files.get("step-2/manifest.json")[place] ^= 1;
            assertThatThrownBy(() -> load(flipped), "byte %d", place)
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith("Cannot resume from memory/step-2: manifest.json ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOldestBeyondTheLimitGoButNeverTheBest(boolean background) {
        MemoryStorage storage = new MemoryStorage();
        try (CheckpointSaver saver = new CheckpointSaver(storage, 2, alone, background)) {
            for (int step = 1; step <= 5; step++) {
                fill(step);
                saver.begin(step, RUN, new IntNode(step), OptionalInt.of(2), sections());
                fill(-1);
            }
            assertThat(saver.finish()).endsWith(5);
        }
        assertThat(storage.list("")).containsExactly("step-2", "step-5");
        assertThat(resumed(storage)).isEqualTo(5);
    }

    @Test
    void anErrorInTheBackgroundIsThatOfALaterStep() {
        FaultyStorage faulty = new FaultyStorage(new MemoryStorage(), Fault.ERROR, 2);
        try (CheckpointSaver saver = new CheckpointSaver(faulty, null, alone, true)) {
            saver.begin(3, RUN, new IntNode(3), OptionalInt.empty(), sections());

            assertThatThrownBy(saver::finish)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot write the checkpoint of step 3 to memory")
                    .hasMessageContaining("ERROR at call 2");
        }
    }

    /** 0 when it is refused or fails; otherwise the step, all values being those of that step. */
    private int resumed(Storage storage) {
        fill(-7);
        try {
            int step = load(storage);
            assertThat(values()).isEqualTo(step);
            return step;
        } catch (UserError | UncheckedIOException e) {
            return 0;
        }
    }

    private int load(Storage storage) {
        Optional<Checkpoint> newest = Checkpoint.newest(storage, alone);
        newest.orElseThrow().load(sections());
        assertThat(newest.get().state().asInt()).isEqualTo(newest.get().step());
        return newest.get().step();
    }

    private boolean saves(Storage storage, int step) {
        try {
            save(storage, step, 1);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private void save(Storage storage, int step, Integer limit) {
        fill(step);
        try (CheckpointSaver saver = new CheckpointSaver(storage, limit, alone, false)) {
            saver.begin(step, RUN, new IntNode(step), OptionalInt.empty(), sections());
            saver.finish();
        }
    }

    private SortedMap<String, ShardedState> sections() {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        sections.put("parameters", new ReplicatedState(Map.of("w", weights), alone));
        sections.put("optimizer", new ReplicatedState(Map.of("m.w", moments), alone));
        return sections;
    }

    private void fill(int value) {
        weights.fill_(Torch.scalar(value));
        moments.fill_(Torch.scalar(value));
    }

    /** The one value of all elements. */
    private float values() {
        float[] all = Torch.toFloats(weights);
        assertThat(all).containsOnly(all[0]);
        assertThat(Torch.toFloats(moments)).containsOnly(all[0]);
        return all[0];
    }
}
