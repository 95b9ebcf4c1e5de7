package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Orion 14B (its own {@code OrionForCausalLM}): Llama with layer norms, whose epsilon is still called rms_norm_eps. */
final class Orion {
    private Orion() {}

    static Family family() {
        return Family.of(Orion::build).assuming(Blueprint.values("rms_norm_eps", 1e-5));
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("attention_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        plan.layerNorm(layer.name("input_layernorm"), true),
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        plan.layerNorm(layer.name("post_attention_layernorm"), true),
                        plan.gatedMlp(layer.name("mlp"), false)),
                plan.layerNorm("model.norm", true),
                OutputHead.Shaping.NONE);
    }
}
