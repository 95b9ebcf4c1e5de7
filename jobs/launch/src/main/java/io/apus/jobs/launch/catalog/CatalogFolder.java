package io.apus.jobs.launch.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of catalog files, one {@code NAME.yaml} for each name. */
public final class CatalogFolder {
    public static final String ENDING = ".yaml";

    private final Path folder;

    public CatalogFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    public Path path() {
        return folder;
    }

    /** The names, sorted; none where there is no such folder. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of {@code name}; a name with a path in it has none. */
    public Optional<Path> file(String name) {
        return names().contains(name) ? Optional.of(folder.resolve(name + ENDING)) : Optional.empty();
    }
}
