package io.apus.train.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest.FileEntry;
import io.apus.shards.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: {@code step-N} folders that exist completely or not at all.
 *
 * <p>One is written under another name, forced to the disk, described by a manifest with the SHA-256 of every file and then renamed.
 */
public final class CheckpointStore {
    private static final Pattern COMPLETE = Pattern.compile("step-(\\d{1,9})");
    private static final String UNFINISHED = ".unfinished";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;
    private final int keep;

    /**
     * @param folder holds the checkpoints
     * @param totalLimit how many to keep; null keeps all
     */
    public CheckpointStore(Path folder, Integer totalLimit) {
        this.folder = folder;
        this.keep = totalLimit == null ? Integer.MAX_VALUE : totalLimit;
    }

    public Path path(int step) {
        return folder.resolve("step-" + step);
    }

    /** Writes the checkpoint of {@code step}, replacing one of the same step, then removes the oldest beyond the limit. */
    public Path save(int step, Fingerprint fingerprint, Contents contents) {
        try {
            Path unfinished = Folders.empty(folder.resolve("step-" + step + UNFINISHED));
            contents.write(unfinished);
            List<FileEntry> files = describe(unfinished);
            CheckpointManifest manifest = new CheckpointManifest(CheckpointManifest.FORMAT, step, fingerprint, files);
            Files.write(unfinished.resolve(CheckpointManifest.NAME), JSON.writeValueAsBytes(manifest));
            Folders.force(unfinished);
            Folders.delete(path(step));
            Files.move(unfinished, path(step), StandardCopyOption.ATOMIC_MOVE);
            Folders.forceEntry(folder);
            rotate();
            return path(step);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the checkpoint of step " + step + " to " + folder, e);
        }
    }

    /** The newest checkpoint that was committed, if any; leftovers of interrupted writing are removed. */
    public Optional<Integer> newest() {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().endsWith(UNFINISHED)) {
                    Folders.delete(entry);
                }
            }
            List<Integer> steps = steps();
            return steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /**
     * Checks every byte of the checkpoint of {@code step}, and that it was written by the same run.
     *
     * @return its folder
     * @throws UserError when a file is missing or changed, or the run has changed
     */
    public Path verified(int step, Fingerprint current) {
        Path checkpoint = path(step);
        CheckpointManifest manifest = manifest(checkpoint);
        List<String> damage = new ArrayList<>();
        for (FileEntry file : manifest.files()) {
            damageOf(checkpoint, file).ifPresent(damage::add);
        }
        if (!damage.isEmpty()) {
            throw new UserError(
                    "Cannot resume from " + checkpoint,
                    String.join("; ", damage),
                    "Remove this checkpoint to resume from the one before it.");
        }
        current.requireSame(manifest.fingerprint(), checkpoint.toString());
        return checkpoint;
    }

    private static CheckpointManifest manifest(Path checkpoint) {
        try {
            return JSON.readValue(checkpoint.resolve(CheckpointManifest.NAME).toFile(), CheckpointManifest.class);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot resume from " + checkpoint,
                    CheckpointManifest.NAME + " cannot be read",
                    "Remove this checkpoint to resume from the one before it.",
                    e);
        }
    }

    private static Optional<String> damageOf(Path checkpoint, FileEntry entry) {
        Path file = checkpoint.resolve(entry.path()).normalize();
        if (!file.startsWith(checkpoint.normalize()) || !Files.isRegularFile(file)) {
            return Optional.of(entry.path() + " is missing");
        }
        String found = Sha256.of(file);
        return found.equals(entry.sha256())
                ? Optional.empty()
                : Optional.of(entry.path() + " was changed: its SHA-256 is " + found + ", the manifest says "
                        + entry.sha256());
    }

    private static List<FileEntry> describe(Path checkpoint) throws IOException {
        List<FileEntry> files = new ArrayList<>();
        for (Path file : Folders.files(checkpoint)) {
            files.add(new FileEntry(
                    checkpoint.relativize(file).toString().replace('\\', '/'), Files.size(file), Sha256.of(file)));
        }
        return files;
    }

    /** Steps of the committed checkpoints, ascending. */
    private List<Integer> steps() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.exists(entry.resolve(CheckpointManifest.NAME)))
                    .map(entry -> COMPLETE.matcher(entry.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(match -> Integer.valueOf(match.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private void rotate() throws IOException {
        List<Integer> steps = steps();
        for (int step : steps.subList(0, Math.max(0, steps.size() - keep))) {
            Folders.delete(path(step));
        }
    }
}
