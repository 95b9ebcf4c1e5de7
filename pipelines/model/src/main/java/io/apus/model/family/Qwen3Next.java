package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.GatedDeltaNet;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import java.util.List;

/** Qwen3-Next (transformers {@code Qwen3NextForCausalLM}): linear attention in most layers, gated attention in the others, experts. */
final class Qwen3Next {
    private static final int DEFAULT_INTERVAL = 4;

    private Qwen3Next() {}

    static Family family() {
        return Family.of(Qwen3Next::build)
                .assuming(Blueprint.values(
                        "num_key_value_heads", 2,
                        "head_dim", 256,
                        "partial_rotary_factor", 0.25,
                        "linear_conv_kernel_dim", 4,
                        "linear_key_head_dim", 128,
                        "linear_value_head_dim", 128,
                        "linear_num_key_heads", 16,
                        "linear_num_value_heads", 32,
                        "num_experts", 512,
                        "num_experts_per_tok", 10,
                        "moe_intermediate_size", 512,
                        "shared_expert_intermediate_size", 512,
                        "norm_topk_prob", true))
                .ignoring("mtp\\..*");
    }

    private static Decoder build(Blueprint plan) {
        int hidden = plan.sizes().hiddenSize();
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        plan.rmsNormAroundOne(layer.name("input_layernorm"), hidden),
                        linear(plan.fields(), layer.index()) ? delta(plan, layer) : attention(plan, layer, rotary),
                        plan.rmsNormAroundOne(layer.name("post_attention_layernorm"), hidden),
                        Qwen2Moe.network(plan, layer)),
                plan.rmsNormAroundOne("model.norm", hidden),
                OutputHead.Shaping.NONE);
    }

    private static boolean linear(ConfigFields fields, int layer) {
        JsonNode kinds = fields.node("layer_types");
        return kinds.isArray()
                ? kinds.path(layer).asText().equals("linear_attention")
                : (layer + 1) % fields.positive("full_attention_interval", DEFAULT_INTERVAL) != 0;
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        Dimensions sizes = plan.sizes();
        boolean bias = plan.fields().flag("attention_bias", false);
        int headDim = sizes.headDim();
        long queries = (long) sizes.numAttentionHeads() * headDim;
        long keys = (long) sizes.numKeyValueHeads() * headDim;
        return new GatedAttention(
                layer.index(),
                plan.linear(layer.name("self_attn.q_proj"), 2 * queries, sizes.hiddenSize(), bias),
                plan.linear(layer.name("self_attn.k_proj"), keys, sizes.hiddenSize(), bias),
                plan.linear(layer.name("self_attn.v_proj"), keys, sizes.hiddenSize(), bias),
                new HeadNorms(
                        plan.rmsNormAroundOne(layer.name("self_attn.q_norm"), headDim),
                        plan.rmsNormAroundOne(layer.name("self_attn.k_norm"), headDim),
                        false,
                        false),
                rotary,
                AttentionRule.of(0, 1 / Math.sqrt(headDim)),
                plan.linear(layer.name("self_attn.o_proj"), sizes.hiddenSize(), queries, bias),
                sizes.numKeyValueHeads(),
                headDim);
    }

    private static TokenMixer delta(Blueprint plan, Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        long hidden = plan.sizes().hiddenSize();
        GatedDeltaNet.Heads heads = new GatedDeltaNet.Heads(
                fields.positive("linear_num_key_heads"),
                fields.positive("linear_key_head_dim"),
                fields.positive("linear_num_value_heads"),
                fields.positive("linear_value_head_dim"));
        if (heads.values() % heads.keys() != 0) {
            fields.problem("linear_num_value_heads is no multiple of linear_num_key_heads");
        }
        long values = (long) heads.values() * heads.valueDim();
        String module = layer.name("linear_attn");
        return new GatedDeltaNet(
                layer.index(),
                plan.linear(module + ".in_proj_qkvz", heads.width() + values, hidden, false),
                plan.linear(module + ".in_proj_ba", 2L * heads.values(), hidden, false),
                plan.parameter(
                        module + ".conv1d.weight",
                        Start.NORMAL,
                        heads.width(),
                        1,
                        fields.positive("linear_conv_kernel_dim")),
                plan.parameter(module + ".A_log", Start.ONES, heads.values()),
                plan.parameter(module + ".dt_bias", Start.ONES, heads.values()),
                plan.rmsNorm(module + ".norm", heads.valueDim()),
                plan.linear(module + ".out_proj", hidden, values, false),
                heads);
    }
}
