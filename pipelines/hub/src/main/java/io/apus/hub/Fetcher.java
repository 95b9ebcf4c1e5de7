package io.apus.hub;

import io.apus.hub.cache.HubCache;
import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.select.RepoFiles;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings files of one listing into its folder. */
record Fetcher(HubCache cache, Snapshots.Online online, RepoId id, String revision, Listing listing, Path folder)
        implements RepoFiles {
    private static final int SIDE_BY_SIDE = 4;

    /** Fetches those of {@code chosen} that are not there yet, several at a time. */
    void all(List<RepoFile> chosen, HubProgress progress) throws IOException {
        List<RepoFile> missing = new ArrayList<>();
        for (RepoFile file : chosen) {
            if (!cache.holds(folder, file)) {
                missing.add(file);
            }
        }
        long bytes = missing.stream().mapToLong(RepoFile::size).sum();
        checkSpace(bytes);
        progress.begin(missing.size(), bytes);
        SideBySide.run(SIDE_BY_SIDE, missing, file -> {
            one(file, progress);
            progress.done(file);
        });
    }

    private void one(RepoFile file, HubProgress progress) throws IOException {
        cache.place(id, folder, file, part -> online.download()
                .fetch(online.remote().source(id, revision, listing, file), file, part, progress));
    }

    private void checkSpace(long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new UserError(
                    "Cannot download the " + id,
                    "it needs " + bytes + " bytes and " + folder + " has room for " + free,
                    "Point HF_HUB_CACHE or MODELSCOPE_CACHE to a larger disk.");
        }
    }

    @Override
    public String repo() {
        return id.toString();
    }

    @Override
    public List<RepoFile> files() {
        return listing.files();
    }

    @Override
    public Optional<String> text(String path) {
        Optional<RepoFile> file = listing.file(path).filter(found -> !found.link());
        return file.map(this::fetched);
    }

    private String fetched(RepoFile file) {
        SmallText.check(file);
        try {
            if (!cache.holds(folder, file)) {
                one(file, HubProgress.NONE);
            }
            return SmallText.of(folder, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
