package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Qwen1.5's and Qwen2's mixtures of experts (transformers {@code Qwen2MoeForCausalLM}): one expert more for all, behind a gate. */
final class Qwen2Moe {
    private Qwen2Moe() {}

    static Family family() {
        return Family.of(Qwen2Moe::build)
                .assuming(Blueprint.values(
                        "num_experts", 60,
                        "num_experts_per_tok", 4,
                        "num_key_value_heads", 16,
                        "moe_intermediate_size", 1408,
                        "shared_expert_intermediate_size", 5632,
                        "sliding_window", Qwen2.DEFAULT_WINDOW));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        boolean bias = plan.fields().flag("qkv_bias", true);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer)
                                .biases(bias, false)
                                .rotary(rotary)
                                .window(Windows.qwen(plan.fields(), layer.index()))
                                .build(),
                        network(plan, layer)));
    }

    /** Also of Qwen3-Next. */
    static FeedForward network(Blueprint plan, Blueprint.Layer layer) {
        return QwenExperts.at(plan.fields(), layer.index())
                ? QwenExperts.plan(plan, layer)
                        .gatedShared(
                                "shared_expert",
                                "shared_expert_gate",
                                plan.fields().positive("shared_expert_intermediate_size"))
                        .build()
                : plan.gatedMlp(layer.name("mlp"), false);
    }
}
