package io.apus.hub.repo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A listing kept beside the files, so that without a network it is known whether a snapshot is whole.
 *
 * <p>The format is that of huggingface_hub's {@code _tree_cache.py} ({@code trees/<commit>.json}, format_version 1), with one more
 * key, {@code commit}, which that client does not read.
 */
public final class TreeFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;

    private TreeFile() {}

    /** Writes {@code listing}, whole or not at all. */
    public static void write(Path file, Listing listing) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("format_version", FORMAT);
        root.put("commit", listing.commit());
        ObjectNode files = root.putObject("files");
        listing.files().stream()
                .sorted(Comparator.comparing(RepoFile::path))
                .forEach(entry -> describe(files.putObject(entry.path()), entry));
        WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    private static void describe(ObjectNode node, RepoFile file) {
        boolean inLfs = file.checksum().kind() == Checksum.Kind.SHA256;
        node.put("size", file.size());
        node.put("blob_id", inLfs ? file.gitId() : file.checksum().hex());
        if (inLfs) {
            node.put("lfs_sha256", file.checksum().hex());
            node.put("lfs_size", file.size());
        }
        if (file.link()) {
            node.put("link", true);
        }
    }

    /** The listing in {@code file}; empty when there is none that can be read, as the file is only a shortcut. */
    public static Optional<Listing> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(file.toFile());
            if (root.path("format_version").asInt() != FORMAT) {
                return Optional.empty();
            }
            String commit =
                    root.path("commit").asText(file.getFileName().toString().replace(".json", ""));
            List<RepoFile> files = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : root.path("files").properties()) {
                files.add(file(entry.getKey(), entry.getValue()));
            }
            return files.stream().anyMatch(f -> RepoPath.fault(f.path()).isPresent())
                    ? Optional.empty()
                    : Optional.of(new Listing(commit, files));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static RepoFile file(String path, JsonNode node) {
        String sha256 = node.path("lfs_sha256").asText("");
        String blob = node.path("blob_id").asText("");
        Checksum checksum = Checksum.NONE;
        if (!sha256.isEmpty()) {
            checksum = new Checksum(Checksum.Kind.SHA256, sha256);
        } else if (!blob.isEmpty()) {
            checksum = new Checksum(Checksum.Kind.GIT_BLOB, blob);
        }
        return new RepoFile(
                path,
                node.path("size").asLong(),
                checksum,
                blob,
                node.path("link").asBoolean());
    }
}
