package io.apus.jobs.data;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The datasets that can be asked for by name: one file {@code NAME.yaml} each in {@code conf/datasets}. */
final class DatasetCatalog {
    private static final String ENDING = ".yaml";
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final Path folder;

    /** @param conf the folder of all catalogs */
    DatasetCatalog(Path conf) {
        this.folder = conf.resolve("datasets").toAbsolutePath().normalize();
    }

    /**
     * What a catalog file says.
     *
     * @param help one line about the dataset
     * @param path its files, folders or globs; relative ones start at the catalog's folder
     * @param columns renames of columns, source to target
     */
    record Entry(
            String help,
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> path,
            Map<String, String> columns) {
        Entry {
            path = path == null ? List.of() : List.copyOf(path);
            columns = columns == null ? Map.of() : Map.copyOf(columns);
        }
    }

    /** The entry called {@code name}; a {@link UserError} with the known and the nearest name where there is none. */
    Entry entry(String name) {
        Path file = folder.resolve(name + ENDING);
        if (!Files.isRegularFile(file)) {
            throw unknown(name);
        }
        try {
            Entry entry = YAML.readValue(file.toFile(), Entry.class);
            if (entry == null || entry.path().isEmpty()) {
                throw new UserError(
                        "Cannot read the catalog file " + file, "it names no path", "Add a line \"path: FILE\".");
            }
            return new Entry(
                    entry.help(), entry.path().stream().map(this::absolute).toList(), entry.columns());
        } catch (JsonProcessingException e) {
            throw new UserError(
                    "Cannot read the catalog file " + file,
                    e.getOriginalMessage(),
                    "It may have help, path and columns.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String absolute(String path) {
        return path.contains("://") ? path : folder.resolve(path).normalize().toString();
    }

    private UserError unknown(String name) {
        List<String> known = names();
        String cure = known.isEmpty()
                ? "Give the path of a file; " + folder + " has no catalog files."
                : "Did you mean \"" + Registry.nearest(name, known) + "\"? Known: " + String.join(", ", known) + ".";
        return new UserError("Unknown dataset", "\"" + name + "\" is neither a file here nor in the catalog", cure);
    }

    private List<String> names() {
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
}
