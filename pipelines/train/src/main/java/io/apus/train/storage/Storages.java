package io.apus.train.storage;

import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Finds the storage of a location. Whoever starts a run knows which file systems there are. */
public interface Storages {
    Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    /**
     * The storage at {@code location}.
     *
     * @param location a path of the local file system, or the URI of another
     */
    Storage at(String location);

    /** Knows the local file system alone. */
    static Storages local() {
        return location -> {
            if (URI.matcher(location).matches()) {
                throw new UserError(
                        "Cannot use " + location,
                        "only local paths are known outside Spark",
                        "Start the training with spark-submit or apus, or give a path.");
            }
            return new LocalStorage(Path.of(location));
        };
    }
}
