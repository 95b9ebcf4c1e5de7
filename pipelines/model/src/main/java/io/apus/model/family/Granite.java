package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.function.Function;

/** Granite 3 (transformers {@code GraniteForCausalLM}): Llama with a multiplier in four places. */
final class Granite {
    private Granite() {}

    static Family family() {
        return Family.of(Granite::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean mlpBias = plan.fields().flag("mlp_bias", false);
        return build(plan, layer -> plan.gatedMlp(layer.name("mlp"), mlpBias));
    }

    /** Also Granite's mixtures of experts, with networks of their own. */
    static Decoder build(Blueprint plan, Function<Blueprint.Layer, FeedForward> network) {
        ConfigFields fields = plan.fields();
        boolean attentionBias = fields.flag("attention_bias", false);
        double attentionScale = fields.number("attention_multiplier", 1);
        double residualScale = fields.number("residual_multiplier", 1);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                                layer,
                                plan.attention(layer)
                                        .biases(attentionBias, attentionBias)
                                        .rotary(rotary)
                                        .scale(attentionScale)
                                        .build(),
                                network.apply(layer))
                        .withResidualScale(residualScale),
                plan.rmsNorm("model.norm"),
                OutputHead.Shaping.scaled(1 / fields.number("logits_scaling", 1)),
                fields.number("embedding_multiplier", 1));
    }
}
