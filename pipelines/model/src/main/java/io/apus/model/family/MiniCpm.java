package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;

/** MiniCPM 1 and 2 (their own {@code MiniCPMForCausalLM}): Llama with embeddings, residuals and logits scaled by the model's size. */
final class MiniCpm {
    private MiniCpm() {}

    static Family family() {
        return Family.of(MiniCpm::build).assuming(Blueprint.values("tie_word_embeddings", true));
    }

    private static Decoder build(Blueprint plan) {
        ConfigFields fields = plan.fields();
        boolean bias = fields.flag("attention_bias", false);
        double residualScale =
                fields.number("scale_depth", 1) / Math.sqrt(plan.sizes().numHiddenLayers());
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                                layer,
                                plan.attention(layer)
                                        .biases(bias, bias)
                                        .rotary(rotary)
                                        .build(),
                                network(plan, layer))
                        .withResidualScale(residualScale),
                plan.rmsNorm("model.norm"),
                OutputHead.Shaping.scaled(
                        fields.number("dim_model_base", 1) / plan.sizes().hiddenSize()),
                fields.number("scale_emb", 1));
    }

    /** MiniCPM-MoE has Mixtral's experts under the same class name. */
    private static FeedForward network(Blueprint plan, Blueprint.Layer layer) {
        int experts = plan.fields().node("num_experts").asInt(0);
        return experts == 0
                ? plan.gatedMlp(layer.name("mlp"), false)
                : new ExpertPlan(plan, layer.name("mlp"), experts)
                        .names(Mixtral.NAMES)
                        .routing(TopRouting.softmax(plan.fields().positive("num_experts_per_tok", 2), true))
                        .separate(plan.sizes().intermediateSize())
                        .build();
    }
}
