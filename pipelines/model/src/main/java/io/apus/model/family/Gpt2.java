package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import java.util.List;
import java.util.Map;

/** GPT-2 and its kin (transformers {@code GPT2LMHeadModel}): learned positions; files hold the weights of linear maps transposed. */
final class Gpt2 {
    private Gpt2() {}

    static Family family() {
        return Family.of(given -> build(given.storedTransposed()))
                .naming(Map.of(
                        "hidden_size", "n_embd",
                        "num_hidden_layers", "n_layer",
                        "num_attention_heads", "n_head",
                        "intermediate_size", "n_inner",
                        "max_position_embeddings", "n_positions",
                        "rms_norm_eps", "layer_norm_epsilon",
                        "hidden_act", "activation_function"))
                .assuming(Blueprint.values(
                        "rms_norm_eps", 1e-5, "tie_word_embeddings", true, "max_position_embeddings", 1024))
                .ignoring(".*\\.attn\\.bias", ".*\\.attn\\.masked_bias");
    }

    private static Decoder build(Blueprint plan) {
        plan.fields().fixed("scale_attn_weights", true);
        plan.fields().fixed("scale_attn_by_inverse_layer_idx", false);
        Dimensions sizes = plan.sizes();
        Embedding embedding = plan.embeddingWithoutPadding("transformer.wte")
                .withPositions(plan.parameter(
                        "transformer.wpe.weight", Start.NORMAL, sizes.maxPositionEmbeddings(), sizes.hiddenSize()));
        return new Decoder(
                embedding,
                plan.blocks("transformer.h", layer -> block(plan, layer)),
                plan.layerNorm("transformer.ln_f", true),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of());
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer) {
        return DecoderBlock.sequential(
                plan.layerNorm(layer.name("ln_1"), true),
                plan.attention(layer)
                        .biases(true, true)
                        .fused("attn.c_attn", false)
                        .output("attn.c_proj")
                        .build(),
                plan.layerNorm(layer.name("ln_2"), true),
                plan.mlp(
                        layer.name("mlp.c_fc"),
                        layer.name("mlp.c_proj"),
                        true,
                        plan.activation("hidden_act", "gelu_new")));
    }
}
