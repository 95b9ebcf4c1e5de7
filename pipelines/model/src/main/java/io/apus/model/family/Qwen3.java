package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
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
                layer -> plan.block(
                        layer,
                        attention(plan, layer, rotary, Windows.qwen(plan.fields(), layer.index())),
                        plan.gatedMlp(layer.name("mlp"), false)));
    }

    /** Also the attention of Qwen3's mixture-of-experts models. */
    static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary, int window) {
        boolean bias = plan.fields().flag("attention_bias", false);
        return plan.attention(layer)
                .biases(bias, bias)
                .norms(plan.headNorms(layer))
                .rotary(rotary)
                .window(window)
                .build();
    }
}
