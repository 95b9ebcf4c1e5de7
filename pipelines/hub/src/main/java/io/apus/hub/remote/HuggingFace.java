package io.apus.hub.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.hub.http.Download;
import io.apus.hub.http.JsonPages;
import io.apus.hub.http.StatusException;
import io.apus.hub.repo.Checksum;
import io.apus.hub.repo.Listing;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.RepoKind;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Hugging Face API, as huggingface_hub calls it ({@code hf_api.py}: repo_info, list_repo_tree; {@code file_download.py}: hf_hub_url):
 * {@code /api/models/ID/revision/REV} for the commit, {@code /api/models/ID/tree/COMMIT?recursive=true} in pages for the files,
 * {@code /ID/resolve/COMMIT/FILE} for one of them.
 */
public final class HuggingFace implements Remote {
    private final URI endpoint;
    private final JsonPages pages;
    private final Refusal refusal;

    public HuggingFace(URI endpoint, JsonPages pages, boolean hasToken) {
        this.endpoint = endpoint;
        this.pages = pages;
        this.refusal = new Refusal(endpoint.getHost(), "HF_TOKEN", hasToken);
    }

    @Override
    public Listing list(RepoId id, String revision) throws IOException {
        String api = "/api/" + id.kind().plural() + "/" + id.name();
        try {
            String commit = pages.get(api + "/revision/" + Percent.encode(revision, ""))
                    .json()
                    .path("sha")
                    .asText("");
            if (!Checksum.isValid(Checksum.Kind.GIT_BLOB, commit)) {
                throw new UserError("Cannot use the " + id, "the hub names no commit for \"" + revision + "\"", "");
            }
            return Listing.checked(id, commit, files(id, api + "/tree/" + commit + "?recursive=true"));
        } catch (StatusException e) {
            throw refusal(id, revision, e);
        }
    }

    private List<RepoFile> files(RepoId id, String path) throws IOException {
        List<RepoFile> files = new ArrayList<>();
        Optional<String> next = Optional.of(path);
        for (int page = 0; next.isPresent(); page++) {
            JsonPages.Page found = pages.get(next.get());
            for (JsonNode entry : found.json()) {
                if (!entry.path("type").asText().equals("directory")) {
                    files.add(file(entry));
                }
            }
            Listing.checkCount(id, Math.max(files.size(), page));
            next = found.next();
        }
        return files;
    }

    private static RepoFile file(JsonNode entry) {
        JsonNode lfs = entry.path("lfs");
        String gitId = entry.path("oid").asText("");
        String sha256 = lfs.path("oid").asText("");
        long size = lfs.path("size").asLong(entry.path("size").asLong(-1));
        Checksum checksum = Checksum.NONE;
        if (Checksum.isValid(Checksum.Kind.SHA256, sha256)) {
            checksum = new Checksum(Checksum.Kind.SHA256, sha256);
        } else if (Checksum.isValid(Checksum.Kind.GIT_BLOB, gitId)) {
            checksum = new Checksum(Checksum.Kind.GIT_BLOB, gitId);
        }
        boolean link = !entry.path("type").asText().equals("file");
        return new RepoFile(entry.path("path").asText(), size, checksum, gitId, link);
    }

    @Override
    public Download.Source source(RepoId id, String revision, Listing listing, RepoFile file) {
        String prefix = id.kind() == RepoKind.DATASET ? "/datasets/" : "/";
        URI address = URI.create(endpoint + prefix + id.name() + "/resolve/" + listing.commit() + "/"
                + Percent.encode(file.path(), "/"));
        boolean inLfs = file.checksum().kind() == Checksum.Kind.SHA256;
        return new Download.Source(
                address,
                inLfs
                        ? Map.of(
                                "X-Repo-Commit",
                                listing.commit(),
                                "X-Linked-Etag",
                                file.checksum().hex())
                        : Map.of("X-Repo-Commit", listing.commit()));
    }

    @Override
    public UserError refusal(RepoId id, String revision, StatusException answer) {
        return refusal.of(id, revision, answer);
    }
}
