package io.apus.jobs.eval.catalog;

import io.apus.jobs.launch.catalog.CatalogFolder;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.EvalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The evaluation sets of {@code conf/evals}, one YAML file each. */
public final class EvalCatalog {
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
        CatalogFolder folder = new CatalogFolder(conf.resolve("evals"));
        return wanted.stream()
                .map(name -> {
                    EvalEntry set = EvalSetFile.read(locate(folder, name));
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

    private static Path locate(CatalogFolder folder, String name) {
        return folder.file(name).orElseGet(() -> {
            if (name.endsWith(CatalogFolder.ENDING) && Files.isRegularFile(Path.of(name))) {
                return Path.of(name);
            }
            throw unknown(folder, name);
        });
    }

    private static UserError unknown(CatalogFolder folder, String name) {
        List<String> names = folder.names();
        return new UserError(
                "Unknown eval_dataset",
                "\"" + name + "\" is neither a set of " + folder.path() + " nor a " + CatalogFolder.ENDING + " file",
                names.isEmpty()
                        ? "There are no sets in that folder."
                        : "Did you mean \"" + Registry.nearest(name, names) + "\"? Known: " + String.join(", ", names)
                                + ".");
    }
}
