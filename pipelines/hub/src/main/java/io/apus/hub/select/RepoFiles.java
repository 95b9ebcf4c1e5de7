package io.apus.hub.select;

import io.apus.hub.repo.RepoFile;
import java.util.List;
import java.util.Optional;

/** What a selection may know of a repository. */
public interface RepoFiles {
    /** As a sentence says it, e.g. "dataset tatsu-lab/alpaca". */
    String repo();

    /** All its files, in the listing's order. */
    List<RepoFile> files();

    /** The text of a small file of the repository, fetched if need be; empty where there is no such file. */
    Optional<String> text(String path);
}
