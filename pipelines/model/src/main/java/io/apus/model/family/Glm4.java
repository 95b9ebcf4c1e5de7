package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Rotary;
import java.util.List;

/** GLM-4-0414 and GLM-Z1 (transformers {@code Glm4ForCausalLM}): {@link Glm} with norms after both parts too. */
final class Glm4 {
    private Glm4() {}

    static Family family() {
        return Family.of(Glm4::build).assuming(Glm.DEFAULTS);
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sandwiched(
                        plan.rmsNorm(layer.name("input_layernorm")),
                        Glm.attention(plan, layer, rotary),
                        plan.rmsNorm(layer.name("post_self_attn_layernorm")),
                        plan.rmsNorm(layer.name("post_attention_layernorm")),
                        Glm.mlp(plan, layer),
                        plan.rmsNorm(layer.name("post_mlp_layernorm"))));
    }
}
