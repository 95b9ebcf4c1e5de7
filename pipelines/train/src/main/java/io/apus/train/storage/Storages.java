package io.apus.train.storage;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.CheckpointSpec;
import java.nio.file.Path;

/** Finds the storage of a location. Whoever starts a run knows which file systems there are. */
public interface Storages {
    /**
     * The storage at {@code location}.
     *
     * @param location a path of the local file system, or the URI of another
     */
    Storage at(String location);

    /** Knows the local file system alone. */
    static Storages local() {
        return location -> {
            if (CheckpointSpec.isUri(location)) {
                throw new UserError(
                        "Cannot use " + location,
                        "only local paths are known outside Spark",
                        "Start the training with spark-submit or apus, or give a path.");
            }
            return new LocalStorage(Path.of(location));
        };
    }
}
