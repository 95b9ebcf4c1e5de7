package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What is committed in a run's folder. */
final class Commits {
    private final RunLayout layout;

    Commits(RunLayout layout) {
        this.layout = layout;
    }

    /** The manifest of {@code stage}; empty when it is not committed, or when something that it wrote is gone or cut short. */
    Optional<Manifest> of(String stage) {
        Path file = layout.manifest(stage);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Manifest manifest = ManifestFile.read(file);
        return manifest.outputs().stream().allMatch(this::isThere) ? Optional.of(manifest) : Optional.empty();
    }

    /** True when a stage that {@code manifest} read has been run again since, or is not committed any more. */
    boolean isStale(Manifest manifest) {
        for (Map.Entry<String, String> input : manifest.inputs().entrySet()) {
            Optional<Manifest> now = of(input.getKey());
            if (now.isEmpty() || !now.get().commit().equals(input.getValue()) || isStale(now.get())) {
                return true;
            }
        }
        return false;
    }

    private boolean isThere(Manifest.Output output) {
        Path path = layout.root().resolve(output.path());
        return Files.exists(path)
                && output.files().stream()
                        .allMatch(file ->
                                hasSize(Files.isDirectory(path) ? path.resolve(file.path()) : path, file.bytes()));
    }

    private static boolean hasSize(Path file, long bytes) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
