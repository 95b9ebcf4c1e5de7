package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GPT-NeoX and Pythia (transformers {@code GPTNeoXForCausalLM}): a quarter of each head turns; both parts of a block work side by side. */
final class GptNeoX {
    private GptNeoX() {}

    static Family family() {
        return Family.of(GptNeoX::build)
                .naming(Map.of(
                        "rms_norm_eps",
                        "layer_norm_eps",
                        "partial_rotary_factor",
                        "rotary_pct",
                        "rope_theta",
                        "rotary_emb_base"))
                .assuming(Blueprint.values("rms_norm_eps", 1e-5, "partial_rotary_factor", 0.25))
                .ignoring(".*\\.attention\\.bias", ".*\\.attention\\.masked_bias");
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        Embedding embedding = plan.embeddingWithoutPadding("gpt_neox.embed_in");
        return new Decoder(
                embedding,
                plan.blocks("gpt_neox.layers", layer -> block(plan, layer, rotary)),
                plan.layerNorm("gpt_neox.final_layer_norm", true),
                plan.head("embed_out", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean bias = plan.fields().flag("attention_bias", true);
        Norm mixerNorm = plan.layerNorm(layer.name("input_layernorm"), true);
        Norm mlpNorm = plan.layerNorm(layer.name("post_attention_layernorm"), true);
        TokenMixer attention = plan.attention(layer)
                .biases(bias, bias)
                .fused("attention.query_key_value", true)
                .output("attention.dense")
                .rotary(rotary)
                .build();
        FeedForward mlp = plan.mlp(
                layer.name("mlp.dense_h_to_4h"),
                layer.name("mlp.dense_4h_to_h"),
                true,
                plan.activation("hidden_act", "gelu"));
        return plan.fields().flag("use_parallel_residual", true)
                ? DecoderBlock.parallel(mixerNorm, attention, Optional.of(mlpNorm), mlp)
                : DecoderBlock.sequential(mixerNorm, attention, mlpNorm, mlp);
    }
}
