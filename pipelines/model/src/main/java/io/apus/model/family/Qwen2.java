package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;

/** Qwen2 and Qwen2.5 (transformers {@code Qwen2ForCausalLM}): biased queries, keys and values. */
final class Qwen2 {
    private static final int DEFAULT_WINDOW = 4096;
    private static final int DEFAULT_MAX_WINDOW_LAYERS = 28;

    private Qwen2() {}

    static Family family() {
        return new Family(
                Family.always(true),
                Family.always(false),
                Family.always(false),
                false,
                0,
                Qwen2::window,
                WeightMap.standard());
    }

    /** Layers from max_window_layers on have the window, unless layer_types lists each layer's kind. */
    static int window(ConfigFields fields, int layer) {
        boolean none = fields.node("sliding_window").isNull();
        if (none || !fields.flag("use_sliding_window", false)) {
            return 0;
        }
        JsonNode kinds = fields.node("layer_types");
        boolean sliding = kinds.isArray()
                ? kinds.path(layer).asText().equals("sliding_attention")
                : layer >= fields.positive("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS);
        return sliding ? fields.positive("sliding_window", DEFAULT_WINDOW) : 0;
    }
}
