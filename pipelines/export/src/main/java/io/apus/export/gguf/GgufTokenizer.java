package io.apus.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code tokenizer.*} metadata of a GGUF file from a Hugging Face tokenizer.json of byte-level BPE type.
 *
 * <p>Keys and token types follow ggml's GGUF specification; the name of the pre-tokenizer decides which of llama.cpp's splitting
 * rules is used, so an expression that it does not have is refused rather than approximated.
 */
final class GgufTokenizer {
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    /** Split expressions (as tokenizer.json has them) that llama.cpp implements under a name. */
    private static final Map<String, String> PRE_TOKENIZERS = Map.of(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "qwen2",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "llama-bpe",
            "",
            "gpt-2");

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();

    GgufTokenizer(Path folder) {
        this.folder = folder;
    }

    /** The metadata for a model with {@code vocabSize} embedding rows; rows without a token become unused placeholders. */
    Map<String, Object> metadata(int vocabSize) throws IOException {
        JsonNode tokenizer = read("tokenizer.json");
        JsonNode model = tokenizer.path("model");
        if (!model.path("type").asText().equals("BPE")
                || model.path("byte_fallback").asBoolean()) {
            throw refused("the tokenizer is of type " + model.path("type").asText("unknown") + ", not byte-level BPE");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("tokenizer.ggml.model", "gpt2");
        result.put("tokenizer.ggml.pre", preTokenizer(tokenizer));
        tokens(tokenizer, vocabSize, result);
        result.put("tokenizer.ggml.merges", merges(model.path("merges")));
        special(tokenizer, result);
        return result;
    }

    private static String preTokenizer(JsonNode tokenizer) {
        String expression = "";
        for (JsonNode regex : tokenizer.path("pre_tokenizer").findValues("Regex")) {
            expression = regex.asText();
        }
        String name = PRE_TOKENIZERS.get(expression);
        if (name == null) {
            throw refused("llama.cpp has no name for its split expression " + expression);
        }
        return name;
    }

    private static void tokens(JsonNode tokenizer, int vocabSize, Map<String, Object> result) {
        List<String> tokens = new ArrayList<>(Collections.nCopies(vocabSize, null));
        List<Integer> types = new ArrayList<>(Collections.nCopies(vocabSize, UNUSED));
        tokenizer.path("model").path("vocab").fields().forEachRemaining(token -> {
            put(tokens, token.getValue().asInt(), token.getKey());
            types.set(token.getValue().asInt(), NORMAL);
        });
        for (JsonNode added : tokenizer.path("added_tokens")) {
            int id = added.path("id").asInt();
            put(tokens, id, added.path("content").asText());
            types.set(id, added.path("special").asBoolean() ? CONTROL : USER_DEFINED);
        }
        for (int id = 0; id < vocabSize; id++) {
            if (tokens.get(id) == null) {
                tokens.set(id, "[PAD" + id + "]");
            }
        }
        result.put("tokenizer.ggml.tokens", tokens);
        result.put("tokenizer.ggml.token_type", types);
    }

    private static void put(List<String> tokens, int id, String token) {
        if (id < 0 || id >= tokens.size()) {
            throw new UserError(
                    "Cannot write GGUF",
                    "token \"" + token + "\" has id " + id + " but the model has " + tokens.size() + " embeddings",
                    "Use the tokenizer that belongs to the model.");
        }
        tokens.set(id, token);
    }

    private static List<String> merges(JsonNode merges) {
        List<String> result = new ArrayList<>();
        for (JsonNode merge : merges) {
            result.add(
                    merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
        }
        return result;
    }

    private void special(JsonNode tokenizer, Map<String, Object> result) throws IOException {
        JsonNode config = read("tokenizer_config.json");
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
        chatTemplate(config, result);
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

    private void chatTemplate(JsonNode config, Map<String, Object> result) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        JsonNode inline = config.path("chat_template");
        if (Files.exists(file)) {
            result.put("tokenizer.chat_template", Files.readString(file));
        } else if (inline.isTextual()) {
            result.put("tokenizer.chat_template", inline.asText());
        } else if (inline.isArray()) {
            for (JsonNode named : inline) {
                if (named.path("name").asText().equals("default")) {
                    result.put("tokenizer.chat_template", named.path("template").asText());
                }
            }
        }
    }

    private JsonNode read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            throw refused(name + " is missing");
        }
        return json.readTree(Files.readString(file));
    }

    private static UserError refused(String cause) {
        return new UserError(
                "Cannot write GGUF",
                cause,
                "Export to the Hugging Face format, or use a tokenizer of the Qwen, Llama 3 or GPT-2 kind.");
    }
}
