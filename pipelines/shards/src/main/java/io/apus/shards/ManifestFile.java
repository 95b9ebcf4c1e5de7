package io.apus.shards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.ShardManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Manifests as JSON: fields in the order of their record, maps in the order of their keys, so that equal manifests are equal bytes.
 * Writing is atomic; a file that cannot be read is a {@link UserError}.
 */
public final class ManifestFile {
    /** A manifest lists files and numbers; one of this size is not a manifest. */
    private static final long LONGEST = 256L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ManifestFile() {}

    /** The manifest of a committed stage. */
    public static Manifest read(Path file) {
        return read(file, Manifest.class, "Run the stage that writes it.");
    }

    public static void write(Path file, Manifest manifest) {
        write(file, (Object) manifest);
    }

    /** The manifest of a folder of shards. */
    public static ShardManifest readShards(Path file) {
        return read(file, ShardManifest.class, "Run the pack stage.");
    }

    public static void write(Path file, ShardManifest manifest) {
        write(file, (Object) manifest);
    }

    private static <T> T read(Path file, Class<T> type, String cure) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new UserError(
                        "Cannot read " + file, "it has " + Files.size(file) + " bytes, a manifest has less", cure);
            }
            T manifest = JSON.readValue(Files.readAllBytes(file), type);
            if (manifest == null) {
                throw new UserError("Cannot read " + file, "it holds null instead of a manifest", cure);
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new UserError("Cannot read " + file, "it does not exist", cure, e);
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot read " + file, "it is not a manifest: " + e.getOriginalMessage(), cure, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, Object manifest) {
        try {
            AtomicFile.write(file, (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is plain data", e);
        }
    }
}
