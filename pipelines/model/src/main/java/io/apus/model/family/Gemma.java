package io.apus.model.family;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Gemma 1 (transformers {@code GemmaForCausalLM}): norms around one, embeddings times the square root of their size. */
final class Gemma {
    private static final String GELU = "gelu_pytorch_tanh";

    private Gemma() {}

    static Family family() {
        return Family.of(Gemma::build)
                .assuming(Blueprint.values(
                        "head_dim", 256, "tie_word_embeddings", true, "pad_token_id", 0, "hidden_act", GELU));
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("attention_bias", false);
        Rotary rotary = plan.rotary();
        Activation activation = plan.activation("hidden_act", GELU);
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        norm(plan, layer.name("input_layernorm")),
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        norm(plan, layer.name("post_attention_layernorm")),
                        mlp(plan, layer, activation)),
                norm(plan, "model.norm"),
                OutputHead.Shaping.NONE,
                embeddingScale(plan));
    }

    static Norm norm(Blueprint plan, String name) {
        return plan.rmsNormAroundOne(name, plan.sizes().hiddenSize());
    }

    /** Rounded to float32, as the reference multiplies. */
    static double embeddingScale(Blueprint plan) {
        return (float) Math.sqrt(plan.sizes().hiddenSize());
    }

    /** The network of Gemma 2 and later, which look under another key for the function. */
    static FeedForward mlp(Blueprint plan, Blueprint.Layer layer) {
        return mlp(plan, layer, plan.activation("hidden_activation", GELU));
    }

    private static FeedForward mlp(Blueprint plan, Blueprint.Layer layer, Activation activation) {
        return plan.gatedMlp(
                layer.name("mlp"),
                List.of("gate_proj", "up_proj", "down_proj"),
                plan.sizes().intermediateSize(),
                false,
                activation);
    }
}
