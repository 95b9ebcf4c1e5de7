package io.apus.hub.cache;

import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a hub's files lie on this machine, laid out as its Python client lays them. */
public interface HubCache {
    /** Fetches a file into a part file that may hold what an earlier try received. */
    @FunctionalInterface
    interface Fetch {
        void into(Path part) throws IOException;
    }

    /**
     * A snapshot as the cache knows it.
     *
     * @param folder holds the files, or will
     * @param listing all files of the repository where {@code whole}, else those that lie in the folder
     */
    record Snapshot(Path folder, Listing listing, boolean whole) {}

    /** The snapshot of {@code revision}, without a network; empty when nothing of it is here. */
    Optional<Snapshot> find(RepoId id, String revision) throws IOException;

    /** The folder for {@code listing}, which the hub just gave for {@code revision}; notes both for {@link #find}. */
    Path begin(RepoId id, String revision, Listing listing) throws IOException;

    /** Whether {@code file} lies in {@code folder} and is to be trusted. */
    boolean holds(Path folder, RepoFile file) throws IOException;

    /** Puts {@code file} into {@code folder}, whole or not at all; other processes that want the same file wait. */
    void place(RepoId id, Path folder, RepoFile file, Fetch fetch) throws IOException;
}
