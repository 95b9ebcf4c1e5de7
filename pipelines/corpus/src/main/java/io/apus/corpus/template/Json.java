package io.apus.corpus.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON of model folders and samples. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long MAX_BYTES = 256L << 20;

    private Json() {}

    /** The parsed file; a {@link UserError} where it is too large or broken. */
    static JsonNode read(Path file) {
        return parse(readText(file), file.toString());
    }

    static String readText(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(
                        "Cannot read " + file, "it is larger than 256 MiB", "Give the folder of a Hugging Face model.");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserError("Cannot read " + file, String.valueOf(e.getMessage()), "Check the file.", e);
        }
    }

    static JsonNode parse(String text, String source) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserError(
                    "Cannot read " + source, "it is not JSON (" + e.getOriginalMessage() + ")", "Correct it.", e);
        }
    }

    static JsonNode parseOrNull(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** As maps, lists, strings, numbers, booleans and null. */
    static Object value(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }
}
