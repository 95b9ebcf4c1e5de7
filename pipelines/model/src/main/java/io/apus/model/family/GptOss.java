package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.FusedExperts;
import io.apus.model.layer.expert.Gatings;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** gpt-oss (transformers {@code GptOssForCausalLM}): a sink in each softmax, every other layer a window, biased and clamped experts. */
final class GptOss {
    private static final double DEFAULT_LIMIT = 7;

    private GptOss() {}

    static Family family() {
        return Family.of(GptOss::build)
                .naming(Map.of("num_local_experts", "num_experts", "num_experts_per_tok", "experts_per_token"))
                .assuming(Blueprint.values(
                        "num_local_experts", 128,
                        "num_experts_per_tok", 4,
                        "num_key_value_heads", 8,
                        "head_dim", 64,
                        "intermediate_size", 2880,
                        "rms_norm_eps", 1e-5,
                        "rope_theta", 150_000.0,
                        "rope_scaling", rope(),
                        "sliding_window", 128,
                        "max_position_embeddings", 131_072));
    }

    private static Map<String, Object> rope() {
        return Blueprint.values(
                "rope_type",
                "yarn",
                "factor",
                32.0,
                "beta_fast",
                32.0,
                "beta_slow",
                1.0,
                "truncate",
                false,
                "original_max_position_embeddings",
                4096);
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary), layer -> plan.block(layer, attention(plan, layer, rotary), experts(plan, layer)));
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean bias = plan.fields().flag("attention_bias", true);
        boolean windowed = Windows.sliding(plan.fields(), layer.index(), layer.index() % 2 == 0);
        Parameter sinks = plan.parameter(
                layer.name("self_attn.sinks"), Start.NORMAL, plan.sizes().numAttentionHeads());
        return plan.attention(layer)
                .biases(bias, bias)
                .rotary(rotary)
                .window(windowed ? plan.fields().positiveOrNone("sliding_window") : 0)
                .rule(rule -> rule.withSinks(sinks))
                .build();
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        String experts = layer.name("mlp.experts");
        int count = plan.fields().positive("num_local_experts");
        long hidden = plan.sizes().hiddenSize();
        long width = plan.sizes().intermediateSize();
        return new ExpertPlan(plan, layer.name("mlp"), count)
                .router("router", false, true)
                .routing(TopRouting.softmax(plan.fields().positive("num_experts_per_tok"), true))
                .experts(new FusedExperts(
                        plan.experts(experts + ".gate_up_proj", ExpertLayout.plain(hidden, 2 * width), count),
                        Optional.of(plan.parameter(experts + ".gate_up_proj_bias", Start.ZEROS, count, 2 * width)),
                        plan.experts(experts + ".down_proj", ExpertLayout.plain(width, hidden), count),
                        Optional.of(plan.parameter(experts + ".down_proj_bias", Start.ZEROS, count, hidden)),
                        Gatings.clampedPairs(plan.fields().number("swiglu_limit", DEFAULT_LIMIT))))
                .build();
    }
}
