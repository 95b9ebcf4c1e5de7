package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Activation;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.StackedExperts;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;
import java.util.Map;

/**
 * DBRX (transformers {@code DbrxForCausalLM}): clipped heads from one map, experts in every layer whose weights lie below each other,
 * layer norms without biases. The noise that the reference multiplies states by in training (moe_jitter_eps) is left out.
 */
final class Dbrx {
    private static final double EPSILON = 1e-5;
    private static final String NETWORK = "ffn_config";
    private static final String NORMALISED = "moe_normalize_expert_weights";

    private Dbrx() {}

    static Family family() {
        return Family.of(Dbrx::build)
                .naming(Map.of(
                        "hidden_size", "d_model",
                        "num_hidden_layers", "n_layers",
                        "num_attention_heads", "n_heads",
                        "max_position_embeddings", "max_seq_len",
                        "num_key_value_heads", "attn_config.kv_n_heads",
                        "rope_theta", "attn_config.rope_theta",
                        "clip_qkv", "attn_config.clip_qkv",
                        "intermediate_size", "ffn_config.ffn_hidden_size",
                        "num_experts", "ffn_config.moe_num_experts",
                        "num_experts_per_tok", "ffn_config.moe_top_k"))
                .assuming(Blueprint.values(
                        "num_key_value_heads", 1,
                        "intermediate_size", 3584,
                        "num_experts", 4,
                        "num_experts_per_tok", 1,
                        "rms_norm_eps", EPSILON));
    }

    private static Decoder build(Blueprint plan) {
        Embedding embedding = plan.embedding("transformer.wte");
        Rotary rotary = plan.rotary();
        return new Decoder(
                embedding,
                plan.blocks("transformer.blocks", layer -> block(plan, layer, rotary)),
                plan.layerNorm("transformer.norm_f", false),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        return DecoderBlock.sequential(
                plan.layerNorm(layer.name("norm_attn_norm.norm_1"), false),
                plan.attention(layer)
                        .fused("norm_attn_norm.attn.Wqkv", false)
                        .output("norm_attn_norm.attn.out_proj")
                        .clip(plan.fields().number("clip_qkv", 0))
                        .rotary(rotary)
                        .build(),
                plan.layerNorm(layer.name("norm_attn_norm.norm_2"), false),
                experts(plan, layer));
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        String module = layer.name("ffn");
        int count = plan.fields().positive("num_experts");
        long hidden = plan.sizes().hiddenSize();
        long width = plan.sizes().intermediateSize();
        ExpertLayout gated = new ExpertLayout(hidden, width, true, true);
        return new ExpertPlan(plan, module, count)
                .router("router.layer", true, false)
                .routing(TopRouting.softmax(plan.fields().positive("num_experts_per_tok"), normalised(plan)))
                .experts(new StackedExperts(
                        plan.experts(module + ".experts.mlp.w1", gated, count),
                        plan.experts(module + ".experts.mlp.v1", gated, count),
                        plan.experts(module + ".experts.mlp.w2", new ExpertLayout(width, hidden, false, true), count),
                        activation(plan)))
                .build();
    }

    /** The weights of a token's experts are divided by their norm of this order: 1, their sum, or null for none. */
    private static boolean normalised(Blueprint plan) {
        JsonNode order = plan.fields().node(NETWORK).path(NORMALISED);
        if (!order.isNull() && order.asDouble(1) != 1) {
            plan.fields().problem(NETWORK + "." + NORMALISED + " is " + order + ", only 1 and null are supported here");
        }
        return !order.isNull();
    }

    private static Activation activation(Blueprint plan) {
        String name =
                plan.fields().node(NETWORK).path("ffn_act_fn").path("name").asText("silu");
        return plan.fields().collect(() -> Activation.named(name)).orElseGet(() -> Activation.named("silu"));
    }
}
