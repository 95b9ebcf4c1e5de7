package io.apus.jobs.launch.catalog;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The published models of {@code conf/models}, one file for those of a maker. */
public final class ModelCatalog {
    private final List<ModelEntry> entries = new ArrayList<>();

    /**
     * Reads the catalog.
     *
     * @param conf the folder of all catalogs
     * @throws UserError with all that is wrong with a file
     */
    public ModelCatalog(Path conf) {
        CatalogFolder folder = new CatalogFolder(conf.resolve("models"));
        folder.names()
                .forEach(name -> entries.addAll(ModelFile.read(folder.file(name).orElseThrow())));
    }

    /** Every model, in the order of the files. */
    public List<ModelEntry> entries() {
        return List.copyOf(entries);
    }

    /** Those of a family by ms-swift's name for it. */
    public List<ModelEntry> ofType(String modelType) {
        return where(entry -> entry.modelType().equals(modelType));
    }

    /** Those whose config.json names {@code architecture}. */
    public List<ModelEntry> ofArchitecture(String architecture) {
        return where(entry -> entry.architectures().contains(architecture));
    }

    private List<ModelEntry> where(Predicate<ModelEntry> wanted) {
        return entries.stream().filter(wanted).toList();
    }

    /** ms-swift's names of the families, in the order of the files. */
    public List<String> modelTypes() {
        return entries.stream().map(ModelEntry::modelType).distinct().toList();
    }

    /** The model that a hub calls {@code id} ({@code owner/name}, with or without {@code hf::} or {@code ms::} before it). */
    public Optional<ModelEntry> ofId(String id) {
        String plain = id.replaceFirst("^(hf|ms)::", "");
        return entries.stream().filter(entry -> entry.isCalled(plain)).findFirst();
    }

    /** The models of which {@code name} is the last part of the id, or the whole of it. */
    public List<ModelEntry> named(String name) {
        return ofId(name).map(List::of).orElseGet(() -> where(entry -> entry.isNamed(name)));
    }

    /**
     * The first model of that id or name.
     *
     * @throws UserError with the nearest id where there is none
     */
    public ModelEntry entry(String name) {
        return named(name).stream().findFirst().orElseThrow(() -> {
            List<String> ids = entries.stream().map(ModelEntry::id).toList();
            return new UserError(
                    "Unknown model",
                    "\"" + name + "\" is not in the catalog",
                    ids.isEmpty()
                            ? "The catalog is empty."
                            : "Did you mean \"" + Registry.nearest(name, ids) + "\"? \"apus models\" lists all "
                                    + ids.size() + ".");
        });
    }
}
