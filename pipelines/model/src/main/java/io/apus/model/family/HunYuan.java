package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.Rotary;
import io.apus.model.rope.RopeParameters;
import java.util.List;

/** Hunyuan's dense models (transformers {@code HunYuanDenseV1ForCausalLM}): queries and keys are normalised after their rotation. */
final class HunYuan {
    private HunYuan() {}

    static Family family() {
        return Family.of(HunYuan::build).assuming(Blueprint.values("rms_norm_eps", 1e-5, "pad_token_id", 0));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = rotary(plan);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(layer, attention(plan, layer, rotary), plan.gatedMlp(layer.name("mlp"), false)));
    }

    /** What config.json calls dynamic is here, where it gives an alpha, one larger base for texts of any length. */
    static Rotary rotary(Blueprint plan) {
        RopeParameters rope = plan.sizes().rope();
        JsonNode alpha = plan.fields().node("rope_scaling").path("alpha");
        if (!rope.type().equals("dynamic") || alpha.asDouble() <= 0) {
            return plan.rotary();
        }
        double dim = rope.dim();
        return new Rotary(rope.unscaled(rope.theta() * Math.pow(alpha.asDouble(), dim / (dim - 2))), false);
    }

    /** Also the attention of Hunyuan's mixture-of-experts models. */
    static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean bias = plan.fields().flag("attention_bias", false);
        int headDim = plan.sizes().headDim();
        return plan.attention(layer)
                .biases(bias, bias)
                .norms(new HeadNorms(
                        plan.rmsNorm(layer.name("self_attn.query_layernorm"), headDim),
                        plan.rmsNorm(layer.name("self_attn.key_layernorm"), headDim),
                        false,
                        true))
                .rotary(rotary)
                .build();
    }
}
