package io.apus.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import io.apus.shards.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A manifest as a file: its JSON with a SHA-256 over itself, so that a flipped byte of it is found like one of any other file. */
final class ManifestText {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper COMPACT = new ObjectMapper();
    private static final String DIGEST = "sha256";
    private static final String CONTENT = "checkpoint";
    /** Every line before it begins with a space, so that nothing but the whole file ends like this. */
    private static final byte[] END = "\n}\n".getBytes(StandardCharsets.UTF_8);

    private ManifestText() {}

    static byte[] write(CheckpointManifest manifest) {
        try {
            JsonNode content = COMPACT.readTree(COMPACT.writeValueAsBytes(manifest));
            ObjectNode file = JSON.createObjectNode();
            file.put(DIGEST, digest(content));
            file.set(CONTENT, content);
            return (JSON.writeValueAsString(file) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether the file breaks off: its writing was interrupted, so that the checkpoint was never committed. A whole file of which the end
     * alone was changed is damaged instead.
     */
    static boolean torn(byte[] file) {
        return !ends(file) && (file.length < END.length || !holds(mended(file)));
    }

    private static boolean ends(byte[] file) {
        return file.length >= END.length && Arrays.equals(file, mended(file));
    }

    private static byte[] mended(byte[] file) {
        byte[] mended = file.clone();
        System.arraycopy(END, 0, mended, file.length - END.length, END.length);
        return mended;
    }

    private static boolean holds(byte[] file) {
        try {
            return holds(COMPACT.readTree(file));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean holds(JsonNode root) throws IOException {
        return root.path(DIGEST).asText().equals(digest(root.path(CONTENT)));
    }

    /**
     * The manifest that {@code file} holds.
     *
     * @throws UserError when it is not what was written for {@code step}
     */
    static CheckpointManifest read(byte[] file, String checkpoint, int step) {
        try {
            JsonNode root = COMPACT.readTree(file);
            JsonNode content = root.path(CONTENT);
            if (!ends(file) || !holds(root)) {
                throw refused(checkpoint, "was changed: its SHA-256 is not the one that it holds", null);
            }
            if (content.path("format").asInt() != CheckpointManifest.FORMAT) {
                throw refused(
                        checkpoint,
                        "has format " + content.path("format").asText() + ", this version reads "
                                + CheckpointManifest.FORMAT,
                        null);
            }
            if (content.path("step").asInt() != step) {
                throw refused(
                        checkpoint, "is that of step " + content.path("step").asInt(), null);
            }
            return COMPACT.treeToValue(content, CheckpointManifest.class);
        } catch (IOException e) {
            throw refused(checkpoint, "cannot be read", e);
        }
    }

    /** A manifest that was read before. */
    static CheckpointManifest again(byte[] file) {
        try {
            return COMPACT.treeToValue(COMPACT.readTree(file).path(CONTENT), CheckpointManifest.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(JsonNode content) throws IOException {
        return Sha256.of(COMPACT.writeValueAsBytes(content));
    }

    private static UserError refused(String checkpoint, String cause, Exception revealedBy) {
        return new UserError(
                "Cannot resume from " + checkpoint,
                CheckpointManifest.NAME + " " + cause,
                "Remove this checkpoint to resume from the one before it.",
                revealedBy);
    }
}
