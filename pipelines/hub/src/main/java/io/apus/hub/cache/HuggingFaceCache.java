package io.apus.hub.cache;

import io.apus.hub.repo.Checksum;
import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.TreeFile;
import io.apus.hub.repo.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The layout of huggingface_hub ({@code src/huggingface_hub/file_download.py}, {@code _tree_cache.py}):
 *
 * <pre>
 * models--owner--name/refs/main                       the commit, 40 digits
 * models--owner--name/blobs/ETAG                      SHA-256 of a file in LFS, git's id of another
 * models--owner--name/snapshots/COMMIT/config.json -> ../../blobs/ETAG
 * models--owner--name/trees/COMMIT.json               the listing
 * .locks/models--owner--name/ETAG.lock
 * </pre>
 *
 * <p>Where links cannot be made the blob itself is moved into the snapshot, as that client does.
 */
public final class HuggingFaceCache implements HubCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final Path root;
    private final boolean links;

    /**
     * @param root {@code HF_HUB_CACHE}
     * @param links false never makes a symbolic link
     */
    public HuggingFaceCache(Path root, boolean links) {
        this.root = root;
        this.links = links;
    }

    @Override
    public Optional<Snapshot> find(RepoId id, String revision) throws IOException {
        Optional<String> commit = commit(id, revision);
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        Path folder = snapshot(id, commit.get());
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<Listing> kept = TreeFile.read(tree(id, commit.get()));
        return Optional.of(
                kept.isPresent()
                        ? new Snapshot(folder, kept.get(), true)
                        : new Snapshot(folder, new Listing(commit.get(), FolderFiles.below(folder)), false));
    }

    private Optional<String> commit(RepoId id, String revision) throws IOException {
        if (COMMIT.matcher(revision).matches()) {
            return Optional.of(revision);
        }
        Path ref = ref(id, revision);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(ref).strip())
                .filter(found -> COMMIT.matcher(found).matches());
    }

    @Override
    public Path begin(RepoId id, String revision, Listing listing) throws IOException {
        if (!COMMIT.matcher(listing.commit()).matches()) {
            throw new IOException("the hub's answer names no commit of the " + id);
        }
        Path folder = snapshot(id, listing.commit());
        Files.createDirectories(folder);
        // What is noted already is left alone: a shared cache may be one that cannot be written.
        if (TreeFile.read(tree(id, listing.commit())).isEmpty()) {
            TreeFile.write(tree(id, listing.commit()), listing);
        }
        if (!commit(id, revision).equals(Optional.of(listing.commit()))) {
            WholeFile.write(ref(id, revision), listing.commit().getBytes(StandardCharsets.US_ASCII));
        }
        return folder;
    }

    @Override
    public boolean holds(Path folder, RepoFile file) throws IOException {
        Path pointer = folder.resolve(file.path());
        return Files.isRegularFile(pointer) && Files.size(pointer) == file.size();
    }

    @Override
    public void place(RepoId id, Path folder, RepoFile file, Fetch fetch) throws IOException {
        if (file.checksum().kind() == Checksum.Kind.NONE) {
            throw new IOException("the hub's listing has no checksum for " + file.path());
        }
        String etag = file.checksum().hex();
        try (FileLock lock =
                FileLock.take(root.resolve(".locks").resolve(name(id)).resolve(etag + ".lock"))) {
            Path pointer = folder.resolve(file.path());
            if (holds(folder, file)) {
                return;
            }
            Path blob = repo(id).resolve("blobs").resolve(etag);
            if (!Files.isRegularFile(blob) || Files.size(blob) != file.size()) {
                Path part = blob.resolveSibling(etag + ".apus.incomplete");
                fetch.into(part);
                WholeFile.move(part, blob);
            }
            point(pointer, blob);
        }
    }

    private void point(Path pointer, Path blob) throws IOException {
        Files.createDirectories(pointer.getParent());
        Files.deleteIfExists(pointer);
        if (links) {
            try {
                Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));
                return;
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (FileSystemException | UnsupportedOperationException e) {
                // No links on this file system, or not for this user: below.
            }
        }
        WholeFile.move(blob, pointer);
    }

    private static String name(RepoId id) {
        return id.kind().plural() + "--" + id.folder();
    }

    private Path repo(RepoId id) {
        return root.resolve(name(id));
    }

    private Path snapshot(RepoId id, String commit) {
        return repo(id).resolve("snapshots").resolve(commit);
    }

    private Path tree(RepoId id, String commit) {
        return repo(id).resolve("trees").resolve(commit + ".json");
    }

    private Path ref(RepoId id, String revision) {
        return repo(id).resolve("refs").resolve(revision);
    }
}
