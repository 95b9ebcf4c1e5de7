package io.apus.jobs.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The rows of evaluation sets, by their names in {@code conf/evals} or by path. */
final class EvaluationFiles implements FilterSources {
    private static final String ENDING = ".yaml";
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final Path folder;

    /** @param conf the folder of all catalogs */
    EvaluationFiles(Path conf) {
        this.folder = conf.resolve("evals").toAbsolutePath().normalize();
    }

    /** What exists as a file is one; otherwise the name is looked up in the catalog. */
    @Override
    public Path evaluation(String name) {
        if (Files.isRegularFile(Path.of(name))) {
            return Path.of(name);
        }
        List<String> known = names();
        if (!known.contains(name)) {
            throw new UserError(
                    "Cannot look for contamination",
                    "\"" + name + "\" is neither a file here nor a set of " + folder,
                    known.isEmpty()
                            ? "There are no sets in that folder."
                            : "Did you mean \"" + Registry.nearest(name, known) + "\"? Known: "
                                    + String.join(", ", known) + ".");
        }
        Path catalog = folder.resolve(name + ENDING);
        try {
            JsonNode path = YAML.readTree(catalog.toFile()).path("path");
            return path.isTextual() ? folder.resolve(path.textValue()).normalize() : catalog;
        } catch (IOException e) {
            throw new UserError("Cannot read the evaluation set " + catalog, String.valueOf(e.getMessage()), "", e);
        }
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
            throw new UserError("Cannot read " + folder, String.valueOf(e.getMessage()), "", e);
        }
    }
}
