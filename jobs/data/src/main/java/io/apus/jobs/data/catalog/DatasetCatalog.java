package io.apus.jobs.data.catalog;

import io.apus.jobs.launch.catalog.CatalogFolder;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.DatasetEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The datasets that can be asked for by name: one file {@code NAME.yaml} each in {@code conf/datasets}. */
public final class DatasetCatalog {
    private final CatalogFolder folder;

    /** @param conf the folder of all catalogs */
    public DatasetCatalog(Path conf) {
        this.folder = new CatalogFolder(conf.resolve("datasets"));
    }

    /**
     * The entry called {@code name}, its paths made absolute.
     *
     * @throws UserError with the known and the nearest name where there is none, or with all that is wrong with the file
     */
    public DatasetEntry entry(String name) {
        return DatasetFile.read(folder.file(name).orElseThrow(() -> unknown(name)));
    }

    /** The entry of the dataset that is called {@code id} on ModelScope or Hugging Face, if there is one. */
    public Optional<DatasetEntry> ofHub(String id) {
        if (id.indexOf('/') < 0) {
            return Optional.empty();
        }
        return entries().stream()
                .filter(entry -> id.equals(entry.ms()) || id.equals(entry.hf()))
                .findFirst();
    }

    /** Every entry, sorted by name. */
    public List<DatasetEntry> entries() {
        return names().stream().map(this::entry).toList();
    }

    private UserError unknown(String name) {
        List<String> known = names();
        String cure = known.isEmpty()
                ? "Give the path of a file; " + folder.path() + " has no catalog files."
                : "Did you mean \"" + Registry.nearest(name, known) + "\"? \"apus datasets\" lists all " + known.size()
                        + ".";
        return new UserError("Unknown dataset", "\"" + name + "\" is neither a file here nor in the catalog", cure);
    }

    /** The names of all entries, sorted. */
    public List<String> names() {
        return folder.names();
    }
}
