package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import java.util.List;
import java.util.Map;

/** OLMoE (transformers {@code OlmoeForCausalLM}): queries and keys are normalised over all heads together. */
final class Olmoe {
    private Olmoe() {}

    static Family family() {
        return Family.of(Olmoe::build)
                .assuming(Blueprint.values(
                        "num_experts", 64, "num_experts_per_tok", 8, "rms_norm_eps", 1e-5, "intermediate_size", 2048))
                .naming(Map.of("moe_intermediate_size", "intermediate_size"));
    }

    private static Decoder build(Blueprint plan) {
        if (plan.fields().has("clip_qkv")) {
            plan.fields().problem("clip_qkv is not supported");
        }
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        attention(plan, layer, rotary),
                        QwenExperts.plan(plan, layer).build()));
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean bias = plan.fields().flag("attention_bias", false);
        return plan.attention(layer)
                .biases(bias, bias)
                .norms(plan.rowNorms(layer))
                .rotary(rotary)
                .build();
    }
}
