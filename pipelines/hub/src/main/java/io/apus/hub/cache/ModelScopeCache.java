package io.apus.hub.cache;

import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.RepoKind;
import io.apus.hub.repo.TreeFile;
import io.apus.hub.repo.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layout of modelscope_hub ({@code src/modelscope_hub/_download.py}): {@code models/owner--name/snapshots/REVISION/FILE}, real files, locks in
 * {@code .lock}. As that client does, a folder that an older one filled ({@code models/owner/name} or {@code hub/models/owner/name},
 * {@code .} in the name written {@code ___}) is used and completed where there is one; its {@code .msc} index is a Python pickle and is
 * neither read nor written. The listing is kept in {@code trees/REVISION.json}, which that client does not read.
 */
public final class ModelScopeCache implements HubCache {
    private static final int BUFFER = 1 << 20;

    private final Path root;

    /** @param root {@code MODELSCOPE_CACHE} */
    public ModelScopeCache(Path root) {
        this.root = root;
    }

    @Override
    public Optional<Snapshot> find(RepoId id, String revision) throws IOException {
        Path folder = folder(id, revision);
        if (!isFilled(folder) || !isOfRevision(folder, revision)) {
            return Optional.empty();
        }
        Optional<Listing> kept = TreeFile.read(tree(id, revision));
        return Optional.of(
                kept.isPresent()
                        ? new Snapshot(folder, kept.get(), true)
                        : new Snapshot(folder, new Listing(revision, FolderFiles.below(folder)), false));
    }

    /** The older client notes {@code Revision:master,CreatedAt:...} in {@code .mv}. */
    private static boolean isOfRevision(Path folder, String revision) throws IOException {
        Path noted = folder.resolve(".mv");
        if (!Files.isRegularFile(noted) || Files.size(noted) > 4096) {
            return true;
        }
        String text = Files.readString(noted).strip();
        return text.equals(revision) || text.startsWith("Revision:" + revision + ",");
    }

    @Override
    public Path begin(RepoId id, String revision, Listing listing) throws IOException {
        Path folder = folder(id, revision);
        Files.createDirectories(folder);
        Optional<Listing> noted = TreeFile.read(tree(id, revision));
        if (!noted.map(Listing::commit).equals(Optional.of(listing.commit()))) {
            TreeFile.write(tree(id, revision), listing);
        }
        return folder;
    }

    /** A branch's folder outlives its commits, so the bytes are hashed. */
    @Override
    public boolean holds(Path folder, RepoFile file) throws IOException {
        Path path = folder.resolve(file.path());
        return Files.isRegularFile(path) && Files.size(path) == file.size() && hashes(path, file);
    }

    private static boolean hashes(Path path, RepoFile file) throws IOException {
        MessageDigest digest = file.checksum().digest(file.size());
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return file.checksum().matches(digest);
    }

    @Override
    public void place(RepoId id, Path folder, RepoFile file, Fetch fetch) throws IOException {
        String name = id.kind().word() + "_" + id.name().replace("/", "___") + "_"
                + file.path().replace("/", "___").replace(".", "_") + ".lock";
        try (FileLock lock = FileLock.take(root.resolve(".lock").resolve(name))) {
            if (holds(folder, file)) {
                return;
            }
            Path target = folder.resolve(file.path());
            Path part = target.resolveSibling(target.getFileName() + ".apus.incomplete");
            Files.createDirectories(target.getParent());
            fetch.into(part);
            WholeFile.move(part, target);
        }
    }

    private Path folder(RepoId id, String revision) throws IOException {
        for (Path older : olderFolders(id)) {
            if (isFilled(older)) {
                return older;
            }
        }
        return repo(id).resolve("snapshots").resolve(revision);
    }

    private List<Path> olderFolders(RepoId id) {
        String kind = id.kind().plural();
        int slash = id.name().indexOf('/');
        List<Path> folders = new ArrayList<>();
        if (slash > 0) {
            String owner = id.name().substring(0, slash);
            String name = id.name().substring(slash + 1).replace(".", "___");
            folders.add(root.resolve(kind).resolve(owner).resolve(name));
            folders.add(root.resolve("hub").resolve(kind).resolve(owner).resolve(name));
            if (id.kind() == RepoKind.MODEL) {
                folders.add(root.resolve("hub").resolve(owner).resolve(name));
            }
        }
        return folders;
    }

    private static boolean isFilled(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isPresent();
        }
    }

    private Path repo(RepoId id) {
        return root.resolve(id.kind().plural()).resolve(id.folder());
    }

    private Path tree(RepoId id, String revision) {
        return repo(id).resolve("trees").resolve(revision + ".json");
    }
}
