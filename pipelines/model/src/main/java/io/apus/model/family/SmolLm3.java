package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** SmolLM3 (transformers {@code SmolLM3ForCausalLM}): every fourth layer knows no positions. */
final class SmolLm3 {
    private static final int INTERVAL = 4;

    private SmolLm3() {}

    static Family family() {
        return Family.of(SmolLm3::build)
                .assuming(Blueprint.values(
                        "tie_word_embeddings",
                        true,
                        "pad_token_id",
                        128_004,
                        "rope_theta",
                        2_000_000.0,
                        "max_position_embeddings",
                        32_768));
    }

    private static Decoder build(Blueprint plan) {
        boolean attentionBias = plan.fields().flag("attention_bias", false);
        boolean mlpBias = plan.fields().flag("mlp_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(List.of(rotary), layer -> {
            AttentionPlan attention = plan.attention(layer)
                    .biases(attentionBias, attentionBias)
                    .window(Windows.qwen(plan.fields(), layer.index()));
            if (turns(plan.fields(), layer.index())) {
                attention.rotary(rotary);
            }
            return plan.block(layer, attention.build(), plan.gatedMlp(layer.name("mlp"), mlpBias));
        });
    }

    /** A list called no_rope_layers has a 1 for each layer with positions. */
    private static boolean turns(ConfigFields fields, int layer) {
        JsonNode listed = fields.node("no_rope_layers");
        return listed.isArray()
                ? listed.path(layer).asInt() != 0
                : (layer + 1) % fields.positive("no_rope_layer_interval", INTERVAL) != 0;
    }
}
