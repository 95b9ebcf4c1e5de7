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
        // Some publishers give their mixtures the class name of their dense models: XVERSE-MoE.
        int experts = plan.fields().node("num_experts").asInt(1);
        if (experts > 1) {
            plan.fields()
                    .problem("num_experts is " + experts + ", and "
                            + plan.fields().node("architectures").path(0).asText()
                            + " is known here without experts only");
        }
        Rotary rotary = plan.rotary();
        return plan.decoder(List.of(rotary), layer -> block(plan, layer, rotary));
    }

    static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean attentionBias = plan.fields().flag("attention_bias", false);
        boolean mlpBias = plan.fields().flag("mlp_bias", false);
        return plan.block(
                layer,
                plan.attention(layer)
                        .biases(attentionBias, attentionBias)
                        .rotary(rotary)
                        .build(),
                plan.gatedMlp(layer.name("mlp"), mlpBias));
    }
}
