package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;

/** Which layers see a sliding window only, as config.json says it. */
final class Windows {
    private static final int DEFAULT_MAX_WINDOW_LAYERS = 28;

    private Windows() {}

    /** The window of a layer, 0 for none. Layers from max_window_layers on have it, unless layer_types lists each layer's kind. */
    static int qwen(ConfigFields fields, int layer) {
        int window = fields.positiveOrNone("sliding_window");
        if (window == 0 || !fields.flag("use_sliding_window", false)) {
            return 0;
        }
        int first = fields.positive("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS);
        return sliding(fields, layer, layer >= first) ? window : 0;
    }

    /** The window of a layer, 0 for none. Every sliding_window_pattern-th layer has none, unless layer_types lists each layer's kind. */
    static int patterned(ConfigFields fields, int layer, int defaultPattern) {
        int pattern = fields.positive("sliding_window_pattern", defaultPattern);
        return sliding(fields, layer, (layer + 1) % pattern != 0) ? fields.positiveOrNone("sliding_window") : 0;
    }

    /** Whether layer_types, or where it is absent {@code otherwise}, gives the layer a window. */
    static boolean sliding(ConfigFields fields, int layer, boolean otherwise) {
        JsonNode kinds = fields.node("layer_types");
        return kinds.isArray() ? kinds.path(layer).asText().equals("sliding_attention") : otherwise;
    }
}
