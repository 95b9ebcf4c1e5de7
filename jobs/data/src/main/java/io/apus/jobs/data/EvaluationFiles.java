package io.apus.jobs.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.jobs.launch.catalog.CatalogFolder;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rows of evaluation sets, by their names in {@code conf/evals} or by path. */
final class EvaluationFiles implements FilterSources {
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final CatalogFolder folder;

    /** @param conf the folder of all catalogs */
    EvaluationFiles(Path conf) {
        this.folder = new CatalogFolder(conf.resolve("evals"));
    }

    /** What exists as a file is one; otherwise the name is looked up in the catalog. */
    @Override
    public Path evaluation(String name) {
        if (Files.isRegularFile(Path.of(name))) {
            return Path.of(name);
        }
        Path catalog = folder.file(name).orElseThrow(() -> unknown(name));
        try {
            JsonNode path = YAML.readTree(catalog.toFile()).path("path");
            return path.isTextual() ? folder.path().resolve(path.textValue()).normalize() : catalog;
        } catch (IOException e) {
            throw new UserError("Cannot read the evaluation set " + catalog, String.valueOf(e.getMessage()), "", e);
        }
    }

    private UserError unknown(String name) {
        List<String> known = folder.names();
        return new UserError(
                "Cannot look for contamination",
                "\"" + name + "\" is neither a file here nor a set of " + folder.path(),
                known.isEmpty()
                        ? "There are no sets in that folder."
                        : "Did you mean \"" + Registry.nearest(name, known) + "\"? Known: " + String.join(", ", known)
                                + ".");
    }
}
