package io.apus.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import io.apus.tensor.collective.Collectives;
import io.apus.train.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A committed checkpoint that all ranks have found together. */
public final class Checkpoint {
    private static final byte[] NONE = {};

    private final Storage storage;
    private final CheckpointManifest manifest;
    private final Collectives collectives;

    private Checkpoint(Storage storage, CheckpointManifest manifest, Collectives collectives) {
        this.storage = storage;
        this.manifest = manifest;
        this.collectives = collectives;
    }

    /**
     * The newest one in {@code storage}, if any; leftovers of interrupted writing are removed. Every rank calls it.
     *
     * @throws UserError on every rank when its manifest is damaged
     */
    public static Optional<Checkpoint> newest(Storage storage, Collectives collectives) {
        return found(storage, collectives, store -> store.newest());
    }

    /** That of {@code step}, if it was committed; see {@link #newest}. */
    public static Optional<Checkpoint> at(int step, Storage storage, Collectives collectives) {
        return found(storage, collectives, store -> store.manifest(step));
    }

    private interface Search {
        Optional<CheckpointManifest> in(CheckpointStore store) throws IOException;
    }

    private static Optional<Checkpoint> found(Storage storage, Collectives collectives, Search search) {
        byte[] text = Agreement.first(collectives, () -> search.in(new CheckpointStore(storage, null))
                .map(ManifestText::write)
                .orElse(NONE));
        return text.length == 0
                ? Optional.empty()
                : Optional.of(new Checkpoint(storage, ManifestText.again(text), collectives));
    }

    /** Steps that its run had done. */
    public int step() {
        return manifest.step();
    }

    /** What decided its run. */
    public Fingerprint fingerprint() {
        return manifest.fingerprint();
    }

    /** What the trainer kept beside the tensors. */
    public JsonNode state() {
        return manifest.state();
    }

    /** Its folder, as a person would write it. */
    public String location() {
        return storage.location() + "/" + CheckpointStore.folder(manifest.step());
    }

    /**
     * Checks every byte of every file, each rank some of the files, and then fills what each rank wants of some sections. Every rank calls it.
     *
     * @throws UserError on every rank, in the same words, when a file is missing or changed or a tensor does not fit; no tensor was
     *     touched then
     */
    public void load(SortedMap<String, ShardedState> sections) {
        CheckpointReader reader = new CheckpointReader(storage, manifest);
        Agreement.all(collectives, () -> {
            List<String> faults = new ArrayList<>();
            sections.forEach((section, state) -> faults.addAll(reader.misfits(section, state.wanted())));
            refuse(faults, "Remove the checkpoints or choose another output_dir to train anew.");
            return null;
        });
        Agreement.all(collectives, () -> {
            refuse(reader.damage(own()), "Remove this checkpoint to resume from the one before it.");
            return null;
        });
        Agreement.all(collectives, () -> {
            for (Map.Entry<String, ShardedState> section : sections.entrySet()) {
                reader.fill(section.getKey(), section.getValue().wanted());
            }
            return null;
        });
        sections.values().forEach(ShardedState::filled);
    }

    /** The files that this rank checks. */
    private List<StoredFile> own() {
        Map<String, Long> sizes = new TreeMap<>();
        manifest.files().forEach(file -> sizes.put(file.path(), file.bytes()));
        Map<String, Integer> shares = Shares.balanced(sizes, collectives.size());
        return manifest.files().stream()
                .filter(file -> shares.get(file.path()) == collectives.rank())
                .toList();
    }

    private void refuse(List<String> faults, String cure) {
        if (!faults.isEmpty()) {
            throw new UserError("Cannot resume from " + location(), String.join("; ", faults), cure);
        }
    }
}
