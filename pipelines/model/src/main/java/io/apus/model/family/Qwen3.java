package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Qwen3 dense models (transformers {@code Qwen3ForCausalLM}): normalised queries and keys, head_dim apart from hidden_size. */
final class Qwen3 {
    private static final int DEFAULT_HEAD_DIM = 128;

    private Qwen3() {}

    static Family family() {
        return Family.of(Qwen3::build)
                .assuming(Blueprint.values("head_dim", DEFAULT_HEAD_DIM, "sliding_window", Qwen2.DEFAULT_WINDOW));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.sequential(
                        plan.rmsNorm(layer.name("input_layernorm")),
                        attention(plan, layer, rotary, Windows.qwen(plan.fields(), layer.index())),
                        plan.rmsNorm(layer.name("post_attention_layernorm")),
                        plan.gatedMlp(layer.name("mlp"), false)));
    }

    /** Also the attention of Qwen3's mixture-of-experts models. */
    static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary, int window) {
        boolean bias = plan.fields().flag("attention_bias", false);
        int headDim = plan.sizes().headDim();
        return plan.attention(layer)
                .biases(bias, bias)
                .norms(new HeadNorms(
                        plan.rmsNorm(layer.name("self_attn.q_norm"), headDim),
                        plan.rmsNorm(layer.name("self_attn.k_norm"), headDim),
                        false,
                        false))
                .rotary(rotary)
                .window(window)
                .build();
    }
}
