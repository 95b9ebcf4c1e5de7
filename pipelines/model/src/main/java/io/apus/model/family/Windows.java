package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;

/** Which layers see a sliding window only, as Qwen's config.json says it. */
final class Windows {
    private static final int DEFAULT_MAX_WINDOW_LAYERS = 28;

    private Windows() {}

    /** The window of a layer, 0 for none. Layers from max_window_layers on have it, unless layer_types lists each layer's kind. */
    static int qwen(ConfigFields fields, int layer) {
        int window = fields.positiveOrNone("sliding_window");
        if (window == 0 || !fields.flag("use_sliding_window", false)) {
            return 0;
        }
        JsonNode kinds = fields.node("layer_types");
        boolean sliding = kinds.isArray()
                ? kinds.path(layer).asText().equals("sliding_attention")
                : layer >= fields.positive("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS);
        return sliding ? window : 0;
    }
}
