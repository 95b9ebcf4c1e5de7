package io.apus.corpus.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Numbers that a model folder's configuration files hold for tokenising and generating. */
public final class ModelLimits {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ModelLimits() {}

    /**
     * The most tokens of a sample: {@code max_length}, or the model's {@code max_position_embeddings} (of its text part for multimodal
     * models) where it is not given.
     */
    public static int maxLength(Path folder, TokenizeSpec spec) {
        if (spec.maxLength() != null) {
            return spec.maxLength();
        }
        JsonNode config = read(folder.resolve("config.json"));
        JsonNode length = config.path("max_position_embeddings");
        length = length.isMissingNode() ? config.path("text_config").path("max_position_embeddings") : length;
        if (!length.canConvertToInt() || length.asInt() < 2) {
            throw new UserError(
                    "Cannot tell the longest sample",
                    folder.resolve("config.json") + " has no max_position_embeddings",
                    "Set max_length.");
        }
        return length.asInt();
    }

    /**
     * Refuses ids that the model has no embedding for: {@code vocab_size} of its configuration (of its text part for multimodal models)
     * must be above {@code highestId}.
     */
    public static void requireEmbeddings(Path folder, int highestId) {
        JsonNode config = read(folder.resolve("config.json"));
        JsonNode size = config.has("vocab_size")
                ? config.path("vocab_size")
                : config.path("text_config").path("vocab_size");
        if (size.isInt() && highestId >= size.asInt()) {
            throw new UserError(
                    "Cannot use the tokenizer of " + folder,
                    "it gives the token id " + highestId + " to the data, and the model has embeddings for ids below "
                            + size.asInt() + " (vocab_size)",
                    "Use the tokenizer that belongs to the model.");
        }
    }

    /** {@code eos_token_id} (a number or a list) of a configuration file; empty where there is none. */
    static List<Integer> eosTokenIds(Path file) {
        JsonNode value = read(file).path("eos_token_id");
        List<Integer> ids = new ArrayList<>();
        if (value.isInt()) {
            ids.add(value.asInt());
        }
        value.forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    private static JsonNode read(Path file) {
        if (!Files.isRegularFile(file)) {
            return MAPPER.createObjectNode();
        }
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserError("Cannot read " + file, "it is not JSON", "Check the file.", e);
        }
    }
}
