package io.apus.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The texts and types of all tokens by id; ids without a token become unused placeholders. Types: ggml, docs/gguf.md. */
final class GgufTokens {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int BYTE = 6;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    private final List<String> texts;
    private final List<Integer> types;

    /**
     * @param tokenizer a whole tokenizer.json
     * @param size rows of the model's embedding
     */
    GgufTokens(JsonNode tokenizer, int size) {
        texts = new ArrayList<>(Collections.nCopies(size, null));
        types = new ArrayList<>(Collections.nCopies(size, UNUSED));
        tokenizer
                .path("model")
                .path("vocab")
                .fields()
                .forEachRemaining(token -> put(token.getValue().asInt(), token.getKey(), NORMAL));
        for (JsonNode added : tokenizer.path("added_tokens")) {
            put(
                    added.path("id").asInt(),
                    added.path("content").asText(),
                    added.path("special").asBoolean() ? CONTROL : USER_DEFINED);
        }
        for (int id = 0; id < size; id++) {
            if (texts.get(id) == null) {
                texts.set(id, "[PAD" + id + "]");
            }
        }
    }

    private void put(int id, String text, int type) {
        if (id < 0 || id >= texts.size()) {
            throw new UserError(
                    "Cannot write GGUF",
                    "token \"" + text + "\" has id " + id + " but the model has " + texts.size() + " embeddings",
                    "Use the tokenizer that belongs to the model.");
        }
        texts.set(id, text);
        types.set(id, type);
    }

    /** Gives the token another type than the one that follows from its place in tokenizer.json. */
    void retype(int id, int type) {
        types.set(id, type);
    }

    int size() {
        return texts.size();
    }

    void writeTo(Map<String, Object> metadata) {
        metadata.put("tokenizer.ggml.tokens", texts);
        metadata.put("tokenizer.ggml.token_type", types);
    }
}
