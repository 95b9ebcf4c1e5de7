package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Llama 2 and 3 (transformers {@code LlamaForCausalLM}): biases only where the config asks for them. */
final class Llama {
    private Llama() {}

    static Family family() {
        return Family.of(Llama::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean attentionBias = plan.fields().flag("attention_bias", false);
        boolean mlpBias = plan.fields().flag("mlp_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        plan.rmsNorm(layer.name("input_layernorm")),
                        plan.attention(layer)
                                .biases(attentionBias, attentionBias)
                                .rotary(rotary)
                                .build(),
                        plan.rmsNorm(layer.name("post_attention_layernorm")),
                        plan.gatedMlp(layer.name("mlp"), mlpBias)));
    }
}
