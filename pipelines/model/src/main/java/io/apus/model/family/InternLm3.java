package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** InternLM3 (its own {@code InternLM3ForCausalLM}): qkv_bias for queries, keys and values, bias for all other maps. */
final class InternLm3 {
    private InternLm3() {}

    static Family family() {
        return Family.of(InternLm3::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean headBias = plan.fields().flag("qkv_bias", false);
        boolean bias = plan.fields().flag("bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer)
                                .biases(headBias, bias)
                                .rotary(rotary)
                                .build(),
                        plan.gatedMlp(layer.name("mlp"), bias)));
    }
}
