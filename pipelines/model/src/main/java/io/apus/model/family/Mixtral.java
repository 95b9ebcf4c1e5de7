package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;

/** Mixtral (transformers {@code MixtralForCausalLM}): Mistral's attention, experts in every layer. */
final class Mixtral {
    static final List<String> NAMES = List.of("w1", "w3", "w2");

    private Mixtral() {}

    static Family family() {
        return Family.of(Mixtral::build)
                .assuming(Blueprint.values(
                        "num_local_experts", 8,
                        "num_experts_per_tok", 2,
                        "num_key_value_heads", 8,
                        "rope_theta", 1e6,
                        "rms_norm_eps", 1e-5));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        int window = plan.fields().positiveOrNone("sliding_window");
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).rotary(rotary).window(window).build(),
                        experts(plan, layer)));
    }

    private static MixtureOfExperts experts(Blueprint plan, Blueprint.Layer layer) {
        int chosen = plan.fields().positive("num_experts_per_tok");
        return new ExpertPlan(
                        plan, layer.name("block_sparse_moe"), plan.fields().positive("num_local_experts"))
                .names(NAMES)
                .routing(TopRouting.softmax(chosen, true))
                .separate(plan.sizes().intermediateSize())
                .build();
    }
}
