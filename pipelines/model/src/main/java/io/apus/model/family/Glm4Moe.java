package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import java.util.List;

/** GLM-4.5 to 4.7 (transformers {@code Glm4MoeForCausalLM}), without the module for several tokens ahead. */
final class Glm4Moe {
    private Glm4Moe() {}

    static Family family() {
        return Family.of(Glm4Moe::build)
                .assuming(Blueprint.values(
                        "num_key_value_heads", 8,
                        "partial_rotary_factor", 0.5,
                        "rms_norm_eps", 1e-5,
                        "n_routed_experts", 128,
                        "n_shared_experts", 1,
                        "num_experts_per_tok", 8,
                        "first_k_dense_replace", 1,
                        "moe_intermediate_size", 1408,
                        "max_position_embeddings", 131_072))
                .ignoring("model\\.layers\\.{layers}\\..*");
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(layer, attention(plan, layer, rotary), DeepseekExperts.corrected(plan, layer)));
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        AttentionPlan attention = plan.attention(layer)
                .biases(plan.fields().flag("attention_bias", false), false)
                .rotary(rotary);
        if (plan.fields().flag("use_qk_norm", false)) {
            attention.norms(plan.headNorms(layer));
        }
        return attention.build();
    }
}
