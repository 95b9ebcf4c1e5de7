package io.apus.hub;

import io.apus.hub.cache.HubCache;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.select.FileSelection;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Snapshots that are on this machine already; knows no network. */
final class CachedSnapshots {
    private final HubCache cache;
    private final String hub;

    CachedSnapshots(HubCache cache, String hub) {
        this.cache = cache;
        this.hub = hub;
    }

    /** The chosen files; an error that says what is missing. */
    RepoFolder get(RepoId id, String revision, FileSelection selection) throws IOException {
        HubCache.Snapshot snapshot = cache.find(id, revision)
                .orElseThrow(() -> missing(id, "revision \"" + revision + "\" of it is not in the cache"));
        List<RepoFile> chosen = Chosen.of(id, selection, new CachedFiles(id, cache, snapshot));
        for (RepoFile file : chosen) {
            if (!cache.holds(snapshot.folder(), file)) {
                throw missing(id, file.path() + " is not in the cache");
            }
        }
        return new RepoFolder(snapshot.folder(), snapshot.listing().commit(), chosen);
    }

    /** As {@link #get}, or empty when the cache cannot be shown to have all of it. */
    Optional<RepoFolder> whole(RepoId id, String revision, FileSelection selection) throws IOException {
        if (!cache.find(id, revision).map(HubCache.Snapshot::whole).orElse(false)) {
            return Optional.empty();
        }
        try {
            return Optional.of(get(id, revision, selection));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    private UserError missing(RepoId id, String cause) {
        return new UserError(
                "Cannot get the " + id + " from " + hub + " offline",
                cause,
                "Download it once with HF_HUB_OFFLINE unset.");
    }
}
