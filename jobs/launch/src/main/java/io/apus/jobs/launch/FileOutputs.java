package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that a stage wrote, as its manifest lists them: each with its size and SHA-256. */
public final class FileOutputs {
    private FileOutputs() {}

    /** A single file, or a folder with everything in it. */
    public static Manifest.Output of(RunLayout layout, String name, Path written) {
        Path folder = Files.isDirectory(written) ? written : written.getParent();
        try (Stream<Path> all = Files.walk(written)) {
            List<Manifest.FileEntry> entries = all.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> entry(folder, file))
                    .toList();
            return new Manifest.Output(name, layout.root().relativize(written).toString(), -1, -1, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One file; its path is relative to {@code folder}. */
    public static Manifest.FileEntry entry(Path folder, Path file) {
        try {
            return new Manifest.FileEntry(folder.relativize(file).toString(), Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
