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
import io.apus.hub.repo.RepoPath;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ModelScope API, as modelscope_hub calls it ({@code _legacy_api.py}: list_repo_files, list_dataset_files_paginated,
 * get_download_url): {@code /api/v1/models/ID/repo/files} or, in pages, {@code /api/v1/datasets/ID/repo/tree}; a file is
 * {@code /api/v1/models/ID/repo?Revision=REV&FilePath=FILE}. Refusals may come as status 200 with another {@code Code}; an unknown
 * revision as no {@code Files}.
 */
public final class ModelScope implements Remote {
    private static final int PAGE = 200;
    private static final int GOOD = 200;
    /** Git's mode of a symbolic link, 0120000, in the decimal that the listing uses. */
    private static final String LINK = "40960";

    private final URI endpoint;
    private final JsonPages pages;
    private final Refusal refusal;

    public ModelScope(URI endpoint, JsonPages pages, boolean hasToken) {
        this.endpoint = endpoint;
        this.pages = pages;
        this.refusal = new Refusal(endpoint.getHost(), "MODELSCOPE_API_TOKEN", hasToken);
    }

    @Override
    public Listing list(RepoId id, String revision) throws IOException {
        String query = "?Revision=" + Percent.encode(revision, "") + "&Recursive=True";
        try {
            List<JsonNode> entries = new ArrayList<>();
            String head = id.kind() == RepoKind.MODEL
                    ? page(id, revision, "/repo/files" + query, entries)
                    : allPages(id, revision, "/repo/tree" + query, entries);
            List<RepoFile> files = entries.stream()
                    .filter(entry -> !entry.path("Type").asText().equals("tree"))
                    .map(ModelScope::file)
                    .toList();
            return Listing.checked(id, ModelScopeCommit.of(head, entries, files), files);
        } catch (StatusException e) {
            throw refusal(id, revision, e);
        }
    }

    private String allPages(RepoId id, String revision, String path, List<JsonNode> entries) throws IOException {
        for (int page = 1; ; page++) {
            int before = entries.size();
            String head = page(id, revision, path + "&PageNumber=" + page + "&PageSize=" + PAGE, entries);
            Listing.checkCount(id, entries.size());
            if (entries.size() - before < PAGE) {
                return head;
            }
        }
    }

    /** Adds a page's entries and returns what it says of the latest commit. */
    private String page(RepoId id, String revision, String path, List<JsonNode> entries) throws IOException {
        JsonNode answer = pages.get(api(id) + path).json();
        if (answer.path("Code").asInt(GOOD) != GOOD || !answer.path("Success").asBoolean(true)) {
            throw new UserError(
                    "Cannot get the " + id + " from " + endpoint.getHost(),
                    "the hub says " + RepoPath.shown(answer.path("Message").asText("no")),
                    "Check the id; if it is private, set MODELSCOPE_API_TOKEN to a token that may read it.");
        }
        JsonNode data = answer.path("Data");
        JsonNode files = data.isArray() ? data : data.path("Files");
        if (!files.isArray()) {
            throw new UserError(
                    "Cannot get the " + id + " from " + endpoint.getHost(),
                    "it has no revision \"" + revision + "\", or no files",
                    "Leave --revision out for the default.");
        }
        files.forEach(entries::add);
        JsonNode latest = data.path("LatestCommitter");
        return latest.path("Id").asText("").isEmpty()
                ? latest.path("ShortId").asText("")
                : latest.path("Id").asText();
    }

    private static RepoFile file(JsonNode entry) {
        String sha256 = entry.path("Sha256").asText("").toLowerCase(Locale.ROOT);
        Checksum checksum = Checksum.isValid(Checksum.Kind.SHA256, sha256)
                ? new Checksum(Checksum.Kind.SHA256, sha256)
                : Checksum.NONE;
        boolean link = entry.path("Mode").asText("").equals(LINK);
        return new RepoFile(entry.path("Path").asText(), entry.path("Size").asLong(-1), checksum, "", link);
    }

    private static String api(RepoId id) {
        return "/api/v1/" + id.kind().plural() + "/" + id.name();
    }

    @Override
    public Download.Source source(RepoId id, String revision, Listing listing, RepoFile file) {
        return new Download.Source(
                URI.create(endpoint + api(id) + "/repo?Revision=" + Percent.encode(revision, "") + "&FilePath="
                        + Percent.encode(file.path(), "")),
                Map.of());
    }

    @Override
    public UserError refusal(RepoId id, String revision, StatusException answer) {
        return refusal.of(id, revision, answer);
    }
}
