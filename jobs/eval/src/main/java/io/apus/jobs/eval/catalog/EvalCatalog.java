package io.apus.jobs.eval.catalog;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.EvalEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The evaluation sets of {@code conf/evals}, one YAML file each. */
public final class EvalCatalog {
    private static final String SUFFIX = ".yaml";

    private EvalCatalog() {}

    /**
     * The evaluation sets that were asked for, in order.
     *
     * @param conf folder of catalogs
     * @param wanted file names in {@code conf/evals} without {@code .yaml}, or paths of catalog files
     * @throws UserError if one is unknown, cannot be read, or has the name of another
     */
    public static List<EvalEntry> resolve(Path conf, List<String> wanted) {
        Map<String, EvalEntry> sets = new TreeMap<>();
        return wanted.stream()
                .map(name -> {
                    EvalEntry set = EvalSetFile.read(locate(conf.resolve("evals"), name));
                    EvalEntry other = sets.put(set.name(), set);
                    if (other != null) {
                        throw new UserError(
                                "Cannot evaluate",
                                "two evaluation sets are called \"" + set.name() + "\"",
                                "Name each once.");
                    }
                    return set;
                })
                .toList();
    }

    private static Path locate(Path folder, String name) {
        Path known = folder.resolve(name + SUFFIX);
        if (names(folder).contains(name)) {
            return known;
        }
        if (name.endsWith(SUFFIX) && Files.isRegularFile(Path.of(name))) {
            return Path.of(name);
        }
        List<String> names = names(folder);
        throw new UserError(
                "Unknown eval_dataset",
                "\"" + name + "\" is neither a set of " + folder + " nor a " + SUFFIX + " file",
                names.isEmpty()
                        ? "There are no sets in that folder."
                        : "Did you mean \"" + Registry.nearest(name, names) + "\"? Known: " + String.join(", ", names)
                                + ".");
    }

    private static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
