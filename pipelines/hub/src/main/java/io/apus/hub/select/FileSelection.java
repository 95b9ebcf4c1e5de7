package io.apus.hub.select;

import io.apus.hub.repo.RepoFile;
import java.util.List;

/** Which files of a repository are wanted. */
@FunctionalInterface
public interface FileSelection {
    /** The chosen files of {@code repo}; an {@link io.apus.schemas.UserError} where what was asked for is not there. */
    List<RepoFile> choose(RepoFiles repo);

    /** Every file. */
    static FileSelection all() {
        return RepoFiles::files;
    }
}
