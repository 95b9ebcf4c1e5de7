package io.apus.hub.remote;

import io.apus.hub.http.Download;
import io.apus.hub.http.StatusException;
import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.schemas.UserError;
import java.io.IOException;

/** One hub's API. A hub that answers with a refusal is a {@link UserError}; one that does not answer an IOException. */
public interface Remote {
    /** All files of the repository at {@code revision}. */
    Listing list(RepoId id, String revision) throws IOException;

    /** Where {@code file} of that listing is. */
    Download.Source source(RepoId id, String revision, Listing listing, RepoFile file);

    /** What to tell the user about an error that the hub answered while a file was fetched. */
    UserError refusal(RepoId id, String revision, StatusException answer);
}
