package io.apus.model.family;

import io.apus.model.layer.Alibi;
import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.FusedHeads;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Falcon RW, 7B, 40B and 11B (transformers {@code FalconForCausalLM}): key-value heads, norms and positions each come in two or three
 * ways.
 */
final class Falcon {
    private Falcon() {}

    static Family family() {
        return Family.of(Falcon::build)
                .naming(Map.of(
                        "num_hidden_layers", "n_layer",
                        "num_attention_heads", "n_head",
                        "intermediate_size", "ffn_hidden_size",
                        "rms_norm_eps", "layer_norm_epsilon",
                        "hidden_act", "activation"))
                .assuming(Blueprint.values("rms_norm_eps", 1e-5, "tie_word_embeddings", true));
    }

    private static Decoder build(Blueprint plan) {
        List<Rotary> rotaries = plan.fields().flag("alibi", false) ? List.of() : List.of(plan.rotary());
        Embedding embedding = plan.embeddingWithoutPadding("transformer.word_embeddings");
        return new Decoder(
                embedding,
                plan.blocks("transformer.h", layer -> block(plan, layer, attention(plan, layer, rotaries))),
                plan.layerNorm("transformer.ln_f", true),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                rotaries);
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Attention attention) {
        ConfigFields fields = plan.fields();
        FeedForward mlp = plan.mlp(
                layer.name("mlp.dense_h_to_4h"),
                layer.name("mlp.dense_4h_to_h"),
                fields.flag("bias", false),
                plan.activation("hidden_act", "gelu"));
        boolean recent = recent(plan);
        if (recent && fields.positive("num_ln_in_parallel_attn", 2) == 2) {
            Norm mlpNorm = plan.layerNorm(layer.name("ln_mlp"), true);
            return DecoderBlock.parallel(
                    plan.layerNorm(layer.name("ln_attn"), true), attention, Optional.of(mlpNorm), mlp);
        }
        Norm norm = plan.layerNorm(layer.name("input_layernorm"), true);
        return recent || fields.flag("parallel_attn", true)
                ? DecoderBlock.parallel(norm, attention, Optional.empty(), mlp)
                : DecoderBlock.sequential(
                        norm, attention, plan.layerNorm(layer.name("post_attention_layernorm"), true), mlp);
    }

    private static boolean recent(Blueprint plan) {
        return plan.fields().flag("new_decoder_architecture", false);
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, List<Rotary> rotaries) {
        Dimensions sizes = plan.sizes();
        boolean bias = plan.fields().flag("bias", false);
        int shared = keyValueHeads(plan);
        long rows = (sizes.numAttentionHeads() + 2L * shared) * sizes.headDim();
        AttentionPlan attention = plan.attention(layer)
                .heads(new FusedHeads(
                        plan.linear(layer.name("self_attention.query_key_value"), rows, sizes.hiddenSize(), bias),
                        sizes.numAttentionHeads(),
                        shared,
                        sizes.headDim(),
                        true))
                .biases(bias, bias)
                .output("self_attention.dense");
        if (rotaries.isEmpty()) {
            Alibi biases = Alibi.of(sizes.numAttentionHeads()).roundedAndScaled(1 / Math.sqrt(sizes.headDim()));
            return attention.rule(rule -> rule.withAlibi(biases)).build();
        }
        return attention.rotary(rotaries.get(0)).build();
    }

    private static int keyValueHeads(Blueprint plan) {
        int heads = plan.sizes().numAttentionHeads();
        if (recent(plan)) {
            return plan.fields().positive("num_kv_heads", heads);
        }
        return plan.fields().flag("multi_query", true) ? 1 : heads;
    }
}
