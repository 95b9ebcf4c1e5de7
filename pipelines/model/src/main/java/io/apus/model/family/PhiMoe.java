package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.SparseMixer;
import java.util.List;
import java.util.Optional;

/** Phi-3.5-MoE (transformers {@code PhimoeForCausalLM}): layer norms, biases, two experts chosen one after the other. */
final class PhiMoe {
    private static final double DEFAULT_JITTER = 0.01;

    private PhiMoe() {}

    static Family family() {
        return Family.of(PhiMoe::build)
                .assuming(Blueprint.values(
                        "num_local_experts", 16,
                        "num_experts_per_tok", 2,
                        "num_key_value_heads", 8,
                        "rms_norm_eps", 1e-5,
                        "rope_theta", 1e6,
                        "max_position_embeddings", 131_072));
    }

    private static Decoder build(Blueprint plan) {
        ConfigFields fields = plan.fields();
        boolean bias = fields.flag("attention_bias", false);
        int window = fields.positiveOrNone("sliding_window");
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        plan.layerNorm(layer.name("input_layernorm"), true),
                        plan.attention(layer)
                                .biases(bias, bias)
                                .rotary(rotary)
                                .window(window)
                                .build(),
                        plan.layerNorm(layer.name("post_attention_layernorm"), true),
                        experts(plan, layer)),
                plan.layerNorm("model.norm", true),
                shaping(plan));
    }

    private static OutputHead.Shaping shaping(Blueprint plan) {
        return plan.fields().flag("lm_head_bias", false)
                ? new OutputHead.Shaping(
                        Optional.of(plan.parameter(
                                "lm_head.bias", Start.ZEROS, plan.sizes().vocabSize())),
                        1,
                        0)
                : OutputHead.Shaping.NONE;
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        if (fields.positive("num_experts_per_tok") != 2) {
            fields.problem("num_experts_per_tok is " + fields.node("num_experts_per_tok") + " and must be 2");
        }
        double jitter = fields.node("router_jitter_noise").asDouble(DEFAULT_JITTER);
        return new ExpertPlan(plan, layer.name("block_sparse_moe"), fields.positive("num_local_experts"))
                .names(Mixtral.NAMES)
                .routing(new SparseMixer(jitter))
                .separate(plan.sizes().intermediateSize())
                .build();
    }
}
