package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Rotary;
import java.util.List;

/** OLMo 2 (transformers {@code Olmo2ForCausalLM}): norms after both parts only, and over all queries and all keys of a token. */
final class Olmo2 {
    private Olmo2() {}

    static Family family() {
        return Family.of(Olmo2::build).assuming(Blueprint.values("rms_norm_eps", 1e-5, "pad_token_id", 1));
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("attention_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.postNormed(
                        plan.attention(layer)
                                .biases(bias, bias)
                                .norms(plan.rowNorms(layer))
                                .rotary(rotary)
                                .build(),
                        plan.rmsNorm(layer.name("post_attention_layernorm")),
                        plan.gatedMlp(layer.name("mlp"), false),
                        plan.rmsNorm(layer.name("post_feedforward_layernorm"))));
    }
}
