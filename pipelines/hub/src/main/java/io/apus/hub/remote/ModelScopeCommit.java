package io.apus.hub.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.hub.repo.Checksum;
import io.apus.hub.repo.RepoFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The commit that a ModelScope listing shows: told whole, or in short with the whole one at the files that it changed. Where neither is
 * there, a hash over what the listing says of the files stands in for it.
 */
final class ModelScopeCommit {
    private ModelScopeCommit() {}

    static String of(String head, List<JsonNode> entries, List<RepoFile> files) {
        if (Checksum.isValid(Checksum.Kind.GIT_BLOB, head)) {
            return head;
        }
        return entries.stream()
                .map(entry -> entry.path("Revision").asText(""))
                .filter(revision -> !head.isEmpty() && revision.startsWith(head))
                .filter(revision -> Checksum.isValid(Checksum.Kind.GIT_BLOB, revision))
                .findFirst()
                .orElseGet(() -> fingerprint(files));
    }

    private static String fingerprint(List<RepoFile> files) {
        MessageDigest digest = Checksum.NONE.digest(0);
        files.stream().sorted(Comparator.comparing(RepoFile::path)).forEach(file -> {
            String line =
                    file.path() + "\0" + file.size() + "\0" + file.checksum().hex() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
