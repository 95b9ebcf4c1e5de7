package io.apus.hub;

import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.RepoPath;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.RepoFiles;
import io.apus.schemas.UserError;
import java.util.List;

/** Applies a selection and refuses what it must not bring: links, and names that are one file on some systems. */
final class Chosen {
    private Chosen() {}

    static List<RepoFile> of(RepoId id, FileSelection selection, RepoFiles files) {
        List<RepoFile> chosen = selection.choose(files);
        chosen.stream().filter(RepoFile::link).findFirst().ifPresent(link -> {
            throw new UserError(
                    "Cannot use the " + id,
                    link.path() + " is a link in the repository",
                    "Links are never followed; leave it out with a pattern.");
        });
        RepoPath.checkTogether(
                "Cannot use the " + id, chosen.stream().map(RepoFile::path).toList());
        return chosen;
    }
}
