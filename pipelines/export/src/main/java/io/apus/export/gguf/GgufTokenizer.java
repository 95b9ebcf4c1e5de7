package io.apus.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code tokenizer.*} metadata of a GGUF file from a Hugging Face tokenizer.json of BPE type: byte-level, or of SentencePiece's
 * kind with bytes as fallback. Keys and token types follow ggml's GGUF specification (docs/gguf.md). What llama.cpp would split
 * otherwise than the tokenizer is refused rather than approximated.
 */
final class GgufTokenizer {
    private static final String CONFIG = "tokenizer_config.json";

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();

    GgufTokenizer(Path folder) {
        this.folder = folder;
    }

    /** The metadata for a model with {@code vocabSize} embedding rows; rows without a token become unused placeholders. */
    Map<String, Object> metadata(int vocabSize) throws IOException {
        JsonNode tokenizer = read("tokenizer.json");
        JsonNode model = tokenizer.path("model");
        if (!model.path("type").asText().equals("BPE")) {
            throw refused("the tokenizer is of type " + model.path("type").asText("unknown") + ", not BPE");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        if (model.path("byte_fallback").asBoolean()) {
            SentencePieceVocabulary.put(tokenizer, chatTemplate(read(CONFIG)) != null, vocabSize, result);
        } else {
            ByteLevelVocabulary.put(tokenizer, vocabSize, result);
        }
        special(tokenizer, result);
        return result;
    }

    private void special(JsonNode tokenizer, Map<String, Object> result) throws IOException {
        JsonNode config = read(CONFIG);
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (JsonNode added : tokenizer.path("added_tokens")) {
            ids.put(added.path("content").asText(), added.path("id").asInt());
        }
        for (String role : List.of("bos", "eos", "pad", "unk")) {
            JsonNode token = config.path(role + "_token");
            Integer id = ids.get(token.isObject() ? token.path("content").asText() : token.asText(""));
            if (id != null) {
                result.put(
                        "tokenizer.ggml." + (role.equals("pad") ? "padding" : role.equals("unk") ? "unknown" : role)
                                + "_token_id",
                        id);
            }
        }
        result.put("tokenizer.ggml.add_bos_token", addsBos(tokenizer, config));
        String template = chatTemplate(config);
        if (template != null) {
            result.put("tokenizer.chat_template", template);
        }
    }

    /** Whether encoding puts the beginning-of-text token in front: an option of its own, or a rule of the post-processor. */
    private static boolean addsBos(JsonNode tokenizer, JsonNode config) {
        if (config.has("add_bos_token")) {
            return config.path("add_bos_token").asBoolean();
        }
        JsonNode bos = config.path("bos_token");
        String token = bos.isObject() ? bos.path("content").asText() : bos.asText("");
        for (JsonNode ids : tokenizer.path("post_processor").findValues("SpecialToken")) {
            if (!token.isEmpty() && ids.path("id").asText().equals(token)) {
                return true;
            }
        }
        return false;
    }

    /** The model's chat template, or null: a file of its own comes before the entry in tokenizer_config.json, as in transformers. */
    private String chatTemplate(JsonNode config) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        JsonNode inline = config.path("chat_template");
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        if (inline.isTextual()) {
            return inline.asText();
        }
        for (JsonNode named : inline) {
            if (named.path("name").asText().equals("default")) {
                return named.path("template").asText();
            }
        }
        return null;
    }

    private JsonNode read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            throw refused(name + " is missing");
        }
        return json.readTree(Files.readString(file));
    }

    static UserError refused(String cause) {
        return new UserError(
                "Cannot write GGUF",
                cause,
                "Export to the Hugging Face format, or use a tokenizer of the Llama, Mistral, Qwen or GPT-2 kind.");
    }
}
