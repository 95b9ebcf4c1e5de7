package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Phi-1, 1.5 and 2 (transformers {@code PhiForCausalLM}): one layer norm before both parts, biases everywhere, even of the logits. */
final class Phi {
    private Phi() {}

    static Family family() {
        return Family.of(Phi::build)
                .naming(Map.of("rms_norm_eps", "layer_norm_eps"))
                .assuming(Blueprint.values("rms_norm_eps", 1e-5, "partial_rotary_factor", 0.5));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        Parameter bias =
                plan.parameter("lm_head.bias", Start.ZEROS, plan.sizes().vocabSize());
        return plan.decoder(
                List.of(rotary),
                layer -> DecoderBlock.parallel(
                        plan.layerNorm(layer.name("input_layernorm"), true),
                        attention(plan, layer, rotary),
                        Optional.empty(),
                        plan.mlp(
                                layer.name("mlp.fc1"),
                                layer.name("mlp.fc2"),
                                true,
                                plan.activation("hidden_act", "gelu_new"))),
                plan.layerNorm("model.final_layernorm", true),
                new OutputHead.Shaping(Optional.of(bias), 1, 0));
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        AttentionPlan attention = plan.attention(layer)
                .biases(true, true)
                .output("self_attn.dense")
                .rotary(rotary);
        if (plan.fields().flag("qk_layernorm", false)) {
            int headDim = plan.sizes().headDim();
            attention.norms(new HeadNorms(
                    plan.layerNorm(layer.name("self_attn.q_layernorm"), headDim, true),
                    plan.layerNorm(layer.name("self_attn.k_layernorm"), headDim, true),
                    false,
                    false));
        }
        return attention.build();
    }
}
