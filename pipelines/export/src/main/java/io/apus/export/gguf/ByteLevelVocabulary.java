package io.apus.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Byte-level BPE (GPT-2, Llama 3, Qwen): tokens and merges as they are, and the name of the splitting rule. */
final class ByteLevelVocabulary {
    /** Split expressions (as tokenizer.json has them) that llama.cpp implements under a name. */
    private static final Map<String, String> PRE_TOKENIZERS = Map.of(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "qwen2",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "llama-bpe",
            "",
            "gpt-2");

    private ByteLevelVocabulary() {}

    static void put(JsonNode tokenizer, int vocabSize, Map<String, Object> metadata) {
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", preTokenizer(tokenizer));
        new GgufTokens(tokenizer, vocabSize).writeTo(metadata);
        metadata.put("tokenizer.ggml.merges", merges(tokenizer.path("model").path("merges")));
    }

    private static String preTokenizer(JsonNode tokenizer) {
        String expression = "";
        for (JsonNode regex : tokenizer.path("pre_tokenizer").findValues("Regex")) {
            expression = regex.asText();
        }
        String name = PRE_TOKENIZERS.get(expression);
        if (name == null) {
            throw GgufTokenizer.refused("llama.cpp has no name for its split expression " + expression);
        }
        return name;
    }

    private static List<String> merges(JsonNode merges) {
        List<String> result = new ArrayList<>();
        for (JsonNode merge : merges) {
            result.add(
                    merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
        }
        return result;
    }
}
