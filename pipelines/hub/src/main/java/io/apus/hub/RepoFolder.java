package io.apus.hub;

import io.apus.hub.repo.RepoFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A snapshot on this machine.
 *
 * @param folder holds the files under their paths in the repository
 * @param commit what the revision was: a commit, or for ModelScope where its listing names none a hash over its files; without a
 *     network and without a kept listing the revision itself
 * @param files those that were chosen, all of them in the folder
 */
public record RepoFolder(Path folder, String commit, List<RepoFile> files) {
    public RepoFolder {
        files = List.copyOf(files);
    }

    /** The chosen files as paths on this machine, in the listing's order. */
    public List<Path> paths() {
        return files.stream().map(file -> folder.resolve(file.path())).toList();
    }
}
