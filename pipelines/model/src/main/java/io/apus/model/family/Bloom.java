package io.apus.model.family;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Alibi;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import java.util.List;
import java.util.Map;

/** BLOOM (transformers {@code BloomForCausalLM}): positions as biases by distance, a norm right after the embedding. */
final class Bloom {
    private Bloom() {}

    static Family family() {
        return Family.of(Bloom::build)
                .naming(Map.of(
                        "hidden_size", "n_embed",
                        "num_hidden_layers", "n_layer",
                        "num_attention_heads", "n_head",
                        "max_position_embeddings", "seq_length",
                        "rms_norm_eps", "layer_norm_epsilon"))
                .assuming(Blueprint.values("rms_norm_eps", 1e-5, "tie_word_embeddings", true));
    }

    private static Decoder build(Blueprint plan) {
        plan.fields().fixed("apply_residual_connection_post_layernorm", false);
        Alibi biases = Alibi.of(plan.sizes().numAttentionHeads());
        Embedding embedding = plan.embeddingWithoutPadding("transformer.word_embeddings")
                .withNorm(plan.layerNorm("transformer.word_embeddings_layernorm", true));
        return new Decoder(
                embedding,
                plan.blocks("transformer.h", layer -> block(plan, layer, biases)),
                plan.layerNorm("transformer.ln_f", true),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of());
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Alibi biases) {
        return DecoderBlock.sequential(
                plan.layerNorm(layer.name("input_layernorm"), true),
                plan.attention(layer)
                        .biases(true, true)
                        .fused("self_attention.query_key_value", true)
                        .output("self_attention.dense")
                        .rule(rule -> rule.withAlibi(biases))
                        .build(),
                plan.layerNorm(layer.name("post_attention_layernorm"), true),
                plan.mlp(
                        layer.name("mlp.dense_h_to_4h"),
                        layer.name("mlp.dense_4h_to_h"),
                        true,
                        Activation.named("gelu_new")));
    }
}
