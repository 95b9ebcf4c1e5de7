package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Qwen3's mixtures of experts (transformers {@code Qwen3MoeForCausalLM}): Qwen3's attention, experts in most layers. */
final class Qwen3Moe {
    private Qwen3Moe() {}

    static Family family() {
        return Family.of(Qwen3Moe::build)
                .assuming(Blueprint.values(
                        "num_experts", 128,
                        "num_experts_per_tok", 8,
                        "num_key_value_heads", 4,
                        "moe_intermediate_size", 768,
                        "sliding_window", Qwen2.DEFAULT_WINDOW));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        int window =
                plan.fields().flag("use_sliding_window", false) ? plan.fields().positiveOrNone("sliding_window") : 0;
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(layer, Qwen3.attention(plan, layer, rotary, window), network(plan, layer)));
    }

    private static FeedForward network(Blueprint plan, Blueprint.Layer layer) {
        return QwenExperts.at(plan.fields(), layer.index())
                ? QwenExperts.plan(plan, layer).build()
                : plan.gatedMlp(layer.name("mlp"), false);
    }
}
