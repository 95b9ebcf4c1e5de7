package io.apus.jobs.export.adapters;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that appears under its name when it is complete, and not at all otherwise. */
final class NewFolder implements AutoCloseable {
    private final Path target;
    private final Path staging;

    private NewFolder(Path target, Path staging) {
        this.target = target;
        this.staging = staging;
    }

    /** @throws UserError if {@code target} holds something */
    static NewFolder at(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !isEmptyFolder(absolute)) {
            throw new UserError(
                    "Cannot write " + target, "it exists already", "Remove it, or name another --output_dir.");
        }
        Files.createDirectories(absolute.getParent());
        return new NewFolder(absolute, Files.createTempDirectory(absolute.getParent(), ".merging-"));
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    /** Where to write, on the same file system. */
    Path staging() {
        return staging;
    }

    /** Gives {@code complete}, which lies in {@link #staging}, its name. */
    void commit(Path complete) throws IOException {
        Files.move(complete, target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(staging)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(staging)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }
}
