package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.LayerNormPerHead;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** StableLM 2 and 3B (transformers {@code StableLmForCausalLM}): Llama with layer norms, a quarter of each head turns. */
final class StableLm {
    private StableLm() {}

    static Family family() {
        return Family.of(StableLm::build)
                .naming(Map.of("rms_norm_eps", "layer_norm_eps"))
                .assuming(Blueprint.values(
                        "rms_norm_eps", 1e-5, "partial_rotary_factor", 0.25, "max_position_embeddings", 4096));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> block(plan, layer, rotary),
                plan.layerNorm("model.norm", true),
                OutputHead.Shaping.NONE);
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        Norm norm = plan.layerNorm(layer.name("input_layernorm"), true);
        Attention attention = attention(plan, layer, rotary);
        FeedForward mlp = plan.gatedMlp(layer.name("mlp"), false);
        if (plan.fields().flag("use_parallel_residual", false)) {
            return DecoderBlock.parallel(norm, attention, Optional.empty(), mlp);
        }
        return DecoderBlock.sequential(
                norm, attention, plan.layerNorm(layer.name("post_attention_layernorm"), true), mlp);
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        AttentionPlan attention = plan.attention(layer)
                .biases(plan.fields().flag("use_qkv_bias", false), false)
                .rotary(rotary);
        if (plan.fields().flag("qk_layernorm", false)) {
            Dimensions sizes = plan.sizes();
            attention.norms(new HeadNorms(
                    perHead(plan, layer.name("self_attn.q_layernorm"), sizes.numAttentionHeads()),
                    perHead(plan, layer.name("self_attn.k_layernorm"), sizes.numKeyValueHeads()),
                    false,
                    false));
        }
        return attention.build();
    }

    private static Norm perHead(Blueprint plan, String name, int heads) {
        int headDim = plan.sizes().headDim();
        List<Parameter> weights = IntStream.range(0, heads)
                .mapToObj(head -> plan.parameter(name + ".norms." + head + ".weight", Start.ONES, headDim))
                .toList();
        return new LayerNormPerHead(weights, headDim, plan.sizes().normEps());
    }
}
