package io.apus.corpus.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The special tokens of a model folder by their role ({@code bos_token}, {@code eos_token}, {@code pad_token} ...), from
 * tokenizer_config.json and, where it lacks one, special_tokens_map.json; each is a string or an object with {@code content}.
 */
public final class SpecialTokens {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Map<String, Object> tokens;

    private SpecialTokens(Map<String, Object> tokens) {
        this.tokens = tokens;
    }

    /** Reads them from a Hugging Face model folder; files that are absent give none. */
    public static SpecialTokens read(Path folder) {
        Map<String, Object> tokens = new LinkedHashMap<>();
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                collect(Json.read(file), tokens);
            }
        }
        return new SpecialTokens(tokens);
    }

    /** Tokens given by role. */
    public static SpecialTokens of(Map<String, String> tokens) {
        return new SpecialTokens(new LinkedHashMap<>(tokens));
    }

    private static void collect(JsonNode config, Map<String, Object> tokens) {
        for (String role : ROLES) {
            String text = text(config.get(role));
            if (text != null) {
                tokens.putIfAbsent(role, text);
            }
        }
        List<String> additional = new ArrayList<>();
        for (JsonNode token : config.path("additional_special_tokens")) {
            String text = text(token);
            if (text != null) {
                additional.add(text);
            }
        }
        if (!additional.isEmpty()) {
            tokens.putIfAbsent("additional_special_tokens", additional);
        }
    }

    private static String text(JsonNode token) {
        if (token == null) {
            return null;
        }
        JsonNode content = token.isObject() ? token.get("content") : token;
        return content != null && content.isTextual() ? content.asText() : null;
    }

    /** The end-of-sequence token, or null. */
    public String eos() {
        return (String) tokens.get("eos_token");
    }

    /** The beginning-of-sequence token, or null. */
    public String bos() {
        return (String) tokens.get("bos_token");
    }

    /** The padding token, or null. */
    public String pad() {
        return (String) tokens.get("pad_token");
    }

    /** The tokens as template variables. */
    Map<String, Object> variables() {
        return tokens;
    }
}
