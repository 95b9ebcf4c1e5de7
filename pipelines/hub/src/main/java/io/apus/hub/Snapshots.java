package io.apus.hub;

import io.apus.hub.cache.HubCache;
import io.apus.hub.http.Download;
import io.apus.hub.http.StatusException;
import io.apus.hub.remote.Remote;
import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.select.FileSelection;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Snapshots from the cache or through the network, with every failure told in the user's words. */
final class Snapshots {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** What can open connections. */
    record Online(Remote remote, Download download) {}

    private final HubCache cache;
    private final CachedSnapshots cached;
    private final Optional<Online> online;
    private final String host;

    Snapshots(HubCache cache, CachedSnapshots cached, Optional<Online> online, String host) {
        this.cache = cache;
        this.cached = cached;
        this.online = online;
        this.host = host;
    }

    RepoFolder get(RepoId id, String revision, FileSelection selection, HubProgress progress) {
        try {
            if (online.isEmpty()) {
                return cached.get(id, revision, selection);
            }
            Optional<RepoFolder> known =
                    COMMIT.matcher(revision).matches() ? cached.whole(id, revision, selection) : Optional.empty();
            return known.isPresent() ? known.get() : download(online.get(), id, revision, selection, progress);
        } catch (StatusException e) {
            throw online.orElseThrow().remote().refusal(id, revision, e);
        } catch (UncheckedIOException e) {
            throw Failure.of(id, host, e.getCause());
        } catch (IOException e) {
            throw Failure.of(id, host, e);
        }
    }

    private RepoFolder download(
            Online online, RepoId id, String revision, FileSelection selection, HubProgress progress)
            throws IOException {
        Listing listing;
        try {
            listing = online.remote().list(id, revision);
        } catch (IOException e) {
            return unreachable(id, revision, selection, progress, e);
        }
        Path folder = cache.begin(id, revision, listing);
        Fetcher fetcher = new Fetcher(cache, online, id, revision, listing, folder);
        List<RepoFile> chosen = Chosen.of(id, selection, fetcher);
        fetcher.all(chosen, progress);
        return new RepoFolder(folder, listing.commit(), chosen);
    }

    /** The hub does not answer: what was downloaded before serves, and the user is told. */
    private RepoFolder unreachable(
            RepoId id, String revision, FileSelection selection, HubProgress progress, IOException failure)
            throws IOException {
        try {
            RepoFolder folder = cached.get(id, revision, selection);
            progress.note(host + " does not answer (" + Failure.words(failure) + "): using the cached " + id + " at "
                    + folder.commit());
            return folder;
        } catch (UserError notCached) {
            throw failure;
        }
    }
}
