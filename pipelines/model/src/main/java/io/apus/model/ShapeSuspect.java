package io.apus.model;

/** Guesses which key of config.json is to blame for a parameter that does not fit. */
final class ShapeSuspect {
    private ShapeSuspect() {}

    static String of(String name, WeightFiles files, ModelConfig config) {
        if (files.file(name) == null) {
            return name.startsWith(config.family().weights().layers())
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
