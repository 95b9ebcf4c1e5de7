package io.apus.train.checkpoint;

import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints of a run: {@code step-N} folders that count only once their manifest is there, which is written last. One process
 * commits and removes; all may write and read the files.
 */
final class CheckpointStore {
    private static final Pattern FOLDER = Pattern.compile("step-(\\d{1,9})");

    private final Storage storage;
    private final int keep;

    /**
     * A store of checkpoints.
     *
     * @param totalLimit how many to keep; null keeps all
     */
    CheckpointStore(Storage storage, Integer totalLimit) {
        this.storage = storage;
        this.keep = totalLimit == null ? Integer.MAX_VALUE : totalLimit;
    }

    Storage storage() {
        return storage;
    }

    static String folder(int step) {
        return "step-" + step;
    }

    /** The step of a checkpoint's folder; empty for other names. */
    static OptionalInt step(String folder) {
        Matcher match = FOLDER.matcher(folder);
        return match.matches() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
    }

    String location(int step) {
        return storage.location() + "/" + folder(step);
    }

    /**
     * Makes the checkpoint whose files are all there count, then removes what other attempts left beside them and the oldest
     * checkpoints beyond the limit.
     *
     * @param best step of a checkpoint that is never removed
     */
    void commit(CheckpointManifest manifest, OptionalInt best) throws IOException {
        String folder = folder(manifest.step());
        publish(folder + "/" + CheckpointManifest.NAME, ManifestText.write(manifest));
        Set<String> own = new HashSet<>(Set.of(CheckpointManifest.NAME));
        manifest.files().forEach(file -> own.add(file.path()));
        for (String name : storage.list(folder)) {
            if (!own.contains(name)) {
                storage.delete(folder + "/" + name);
            }
        }
        rotate(best);
    }

    /** The older ones may go only once this one's manifest reads back as it was written. */
    private void publish(String file, byte[] manifest) throws IOException {
        storage.put(file, manifest);
        if (!Arrays.equals(read(file), manifest)) {
            storage.delete(file);
            throw new IOException(file + " does not read back as it was written");
        }
    }

    private byte[] read(String path) throws IOException {
        try (StoredBytes file = storage.open(path)) {
            byte[] bytes = new byte[Math.toIntExact(file.size())];
            file.read(0, ByteBuffer.wrap(bytes));
            return bytes;
        }
    }

    /** The newest checkpoint that was committed, if any; leftovers of interrupted writing are removed. */
    Optional<CheckpointManifest> newest() throws IOException {
        List<Integer> steps = steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            Optional<CheckpointManifest> found = manifest(steps.get(i));
            if (found.isPresent()) {
                return found;
            }
            delete(steps.get(i));
        }
        return Optional.empty();
    }

    /**
     * The manifest of {@code step}; empty when it was never committed.
     *
     * @throws io.apus.schemas.UserError when it is damaged
     */
    Optional<CheckpointManifest> manifest(int step) throws IOException {
        byte[] text;
        try {
            text = read(folder(step) + "/" + CheckpointManifest.NAME);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return Optional.empty();
        }
        return ManifestText.torn(text) ? Optional.empty() : Optional.of(ManifestText.read(text, location(step), step));
    }

    /** Steps that have a folder, committed or not, ascending. */
    private List<Integer> steps() throws IOException {
        List<Integer> steps = new ArrayList<>();
        for (String name : storage.list("")) {
            step(name).ifPresent(steps::add);
        }
        return steps.stream().sorted().toList();
    }

    /** The oldest go first; the newest and the best stay, so that a limit of one may keep two. */
    private void rotate(OptionalInt best) throws IOException {
        List<Integer> steps = new ArrayList<>(steps());
        int newest = steps.get(steps.size() - 1);
        for (int step : List.copyOf(steps)) {
            boolean kept = step == newest || best.equals(OptionalInt.of(step));
            if (steps.size() > keep && !kept) {
                delete(step);
                steps.remove(Integer.valueOf(step));
            }
        }
    }

    /** The manifest goes first: what is left of an interrupted removal is no checkpoint. */
    private void delete(int step) throws IOException {
        storage.delete(folder(step) + "/" + CheckpointManifest.NAME);
        storage.delete(folder(step));
    }
}
