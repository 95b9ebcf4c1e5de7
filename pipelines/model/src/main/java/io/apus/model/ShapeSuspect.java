package io.apus.model;

import java.util.regex.Pattern;

/** Guesses which key of config.json is to blame for a parameter that does not fit. */
final class ShapeSuspect {
    private static final Pattern LAYER = Pattern.compile("\\.\\d+\\.");

    private ShapeSuspect() {}

    static String of(String name, WeightFiles files) {
        if (files.file(name) == null) {
            return LAYER.matcher(name).find()
                    ? "num_hidden_layers and architectures"
                    : "tie_word_embeddings and architectures";
        }
        if (name.contains(".mlp.")) {
            return "intermediate_size";
        }
        if (name.contains("k_proj") || name.contains("v_proj")) {
            return "num_key_value_heads and head_dim";
        }
        if (name.contains("self_attn")) {
            return "num_attention_heads and head_dim";
        }
        return name.contains("norm") ? "hidden_size" : "vocab_size and hidden_size";
    }
}
