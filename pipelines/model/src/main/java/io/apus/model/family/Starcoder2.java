package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;

/** StarCoder2 (transformers {@code Starcoder2ForCausalLM}): layer norms, a plain network, biases everywhere. */
final class Starcoder2 {
    private static final String GELU = "gelu_pytorch_tanh";

    private Starcoder2() {}

    static Family family() {
        return Family.of(Starcoder2::build)
                .naming(Map.of("rms_norm_eps", "norm_epsilon"))
                .assuming(Blueprint.values(
                        "rms_norm_eps",
                        1e-5,
                        "num_key_value_heads",
                        2,
                        "tie_word_embeddings",
                        true,
                        "max_position_embeddings",
                        4096,
                        "initializer_range",
                        0.018042));
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("use_bias", true);
        int window = plan.fields().positiveOrNone("sliding_window");
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
                        plan.mlp(
                                layer.name("mlp.c_fc"),
                                layer.name("mlp.c_proj"),
                                bias,
                                plan.activation("hidden_act", GELU))),
                plan.layerNorm("model.norm", true),
                OutputHead.Shaping.NONE);
    }
}
