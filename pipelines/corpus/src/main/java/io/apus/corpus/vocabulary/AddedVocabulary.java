package io.apus.corpus.vocabulary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The added tokens of a tokenizer.json, with new special ones numbered as Hugging Face's tokenizers library numbers them. */
final class AddedVocabulary {
    private final JsonNode model;
    private final ArrayNode added;
    private final Map<String, ObjectNode> byContent = new HashMap<>();
    private int size;

    /** Of {@code tokenizer}, which {@link #add} changes. */
    AddedVocabulary(ObjectNode tokenizer) {
        model = tokenizer.path("model").path("vocab");
        if (model.isEmpty()) {
            throw new UserError(
                    "Cannot add tokens to the tokenizer", "tokenizer.json has no model.vocab", "Give another model.");
        }
        size = model.size();
        added = tokenizer.withArray("added_tokens");
        for (JsonNode token : added) {
            byContent.put(token.path("content").asText(), (ObjectNode) token);
            size = Math.max(size, token.path("id").asInt() + 1);
        }
    }

    /** One more than the highest id. */
    int size() {
        return size;
    }

    /** Makes {@code content} a special token, with the id that it has or the next one. */
    void add(String content) {
        ObjectNode known = byContent.get(content);
        if (known != null) {
            known.put("special", true);
            return;
        }
        int id = inModel(content).orElse(size);
        size = Math.max(size, id + 1);
        ObjectNode token = added.objectNode().put("id", id);
        token.setAll(TokenizerJson.addedToken(content));
        added.add(token);
        byContent.put(content, token);
    }

    int id(String content) {
        return byContent.get(content).path("id").asInt();
    }

    /** By the text in an object of ids (BPE, WordPiece, WordLevel), by the place in a list of pieces (Unigram). */
    private OptionalInt inModel(String content) {
        if (model.isObject()) {
            JsonNode id = model.get(content);
            return id == null ? OptionalInt.empty() : OptionalInt.of(id.asInt());
        }
        for (int id = 0; id < model.size(); id++) {
            if (model.get(id).path(0).asText().equals(content)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }
}
