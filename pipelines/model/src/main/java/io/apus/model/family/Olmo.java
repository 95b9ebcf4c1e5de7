package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.LayerNorm;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Optional;

/** The first OLMo (transformers {@code OlmoForCausalLM}): layer norms without weights, clipped queries, keys and values. */
final class Olmo {
    private static final double EPSILON = 1e-5;

    private Olmo() {}

    static Family family() {
        return Family.of(Olmo::build).assuming(Blueprint.values("pad_token_id", 1));
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("attention_bias", false);
        Norm norm = new LayerNorm(plan.sizes().hiddenSize(), Optional.empty(), Optional.empty(), EPSILON);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        norm,
                        plan.attention(layer)
                                .biases(bias, bias)
                                .clip(plan.fields().number("clip_qkv", 0))
                                .rotary(rotary)
                                .build(),
                        norm,
                        plan.gatedMlp(layer.name("mlp"), false)),
                norm,
                OutputHead.Shaping.NONE);
    }
}
