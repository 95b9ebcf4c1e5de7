package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
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
                layer -> DecoderBlock.sequential(
                                plan.rmsNorm(layer.name("input_layernorm")),
                                plan.attention(layer)
                                        .biases(bias, bias)
                                        .rotary(rotary)
                                        .build(),
                                plan.rmsNorm(layer.name("post_attention_layernorm")),
                                plan.gatedMlp(layer.name("mlp"), false))
                        .withResidualScale(residualScale),
                plan.rmsNorm("model.norm"),
                OutputHead.Shaping.scaled(
                        fields.number("dim_model_base", 1) / plan.sizes().hiddenSize()),
                fields.number("scale_emb", 1));
    }
}
