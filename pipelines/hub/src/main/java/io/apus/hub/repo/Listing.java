package io.apus.hub.repo;

import io.apus.schemas.UserError;
import java.util.List;
import java.util.Optional;

/**
 * All files of a repository at one commit.
 *
 * @param commit Hugging Face: the commit's 40 digits. ModelScope: the commit where the listing names it, else a hash over the
 *     names, sizes and checksums of the files, so that it changes whenever the content does
 */
public record Listing(String commit, List<RepoFile> files) {
    /** More files than any repository that a run could want; a longer listing is refused. */
    public static final int MOST_FILES = 200_000;

    public Listing {
        files = List.copyOf(files);
    }

    /** As the constructor, for a listing that came from a hub: refuses names that must not become files. */
    public static Listing checked(RepoId id, String commit, List<RepoFile> files) {
        String problem = "Cannot use the " + id;
        checkCount(id, files.size());
        for (RepoFile file : files) {
            RepoPath.check(problem, file.path());
            if (file.size() < 0) {
                throw new UserError(problem, "its listing gives no size for " + file.path(), "");
            }
        }
        return new Listing(commit, files);
    }

    /** Refuses a listing of too many files, while it is still being read. */
    public static void checkCount(RepoId id, int files) {
        if (files > MOST_FILES) {
            throw new UserError("Cannot use the " + id, "its listing has more than " + MOST_FILES + " files", "");
        }
    }

    public Optional<RepoFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
