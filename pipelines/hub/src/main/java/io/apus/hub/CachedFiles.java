package io.apus.hub;

import io.apus.hub.cache.HubCache;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.select.RepoFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A cached snapshot as a selection sees it. */
record CachedFiles(RepoId id, HubCache cache, HubCache.Snapshot snapshot) implements RepoFiles {
    @Override
    public String repo() {
        return id.toString();
    }

    @Override
    public List<RepoFile> files() {
        return snapshot.listing().files();
    }

    /** Empty too where the file was never fetched: what it says may then not be needed. */
    @Override
    public Optional<String> text(String path) {
        try {
            Optional<RepoFile> file = snapshot.listing().file(path);
            return file.isPresent() && cache.holds(snapshot.folder(), file.get())
                    ? Optional.of(SmallText.of(snapshot.folder(), file.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
