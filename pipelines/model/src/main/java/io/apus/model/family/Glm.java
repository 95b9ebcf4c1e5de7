package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;

/** GLM-4 of 2024 and GLM-Edge (transformers {@code GlmForCausalLM}): half of each head turns, in pairs of neighbours. */
final class Glm {
    /** What the classes of GLM-4's two generations assume alike. */
    static final Map<String, Object> DEFAULTS = Blueprint.values(
            "head_dim",
            128,
            "num_key_value_heads",
            2,
            "partial_rotary_factor",
            0.5,
            "rms_norm_eps",
            1.5625e-7,
            "attention_bias",
            true,
            "pad_token_id",
            151_329,
            "max_position_embeddings",
            131_072);

    private Glm() {}

    static Family family() {
        return Family.of(Glm::build).assuming(DEFAULTS);
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        return plan.decoder(
                List.of(rotary), layer -> plan.block(layer, attention(plan, layer, rotary), mlp(plan, layer)));
    }

    static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        return plan.attention(layer)
                .biases(plan.fields().flag("attention_bias", true), false)
                .rotary(rotary)
                .build();
    }

    static FeedForward mlp(Blueprint plan, Blueprint.Layer layer) {
        return plan.fusedGatedMlp(layer.name("mlp.gate_up_proj"), layer.name("mlp.down_proj"), false);
    }
}
