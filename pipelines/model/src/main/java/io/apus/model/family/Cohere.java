package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.LayerNorm;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Command R and Aya (transformers {@code CohereForCausalLM}): both parts of a block work on one norm's output; scaled logits. */
final class Cohere {
    static final Map<String, String> NAMES = Map.of("rms_norm_eps", "layer_norm_eps");
    private static final double LOGIT_SCALE = 0.0625;

    private Cohere() {}

    static Family family() {
        return Family.of(Cohere::build)
                .naming(NAMES)
                .assuming(Blueprint.values(
                        "rms_norm_eps",
                        1e-5,
                        "tie_word_embeddings",
                        true,
                        "pad_token_id",
                        0,
                        "max_position_embeddings",
                        8192));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        boolean normed = plan.fields().flag("use_qk_norm", false);
        return decoder(plan, rotary, (layer, attention) -> {
            attention.rotary(rotary);
            if (normed) {
                attention.norms(new HeadNorms(
                        headNorm(
                                plan,
                                layer.name("self_attn.q_norm"),
                                plan.sizes().numAttentionHeads()),
                        headNorm(
                                plan,
                                layer.name("self_attn.k_norm"),
                                plan.sizes().numKeyValueHeads()),
                        false,
                        false));
            }
        });
    }

    /** What the two generations of Cohere's attention do differently. */
    interface Positions {
        void describe(Blueprint.Layer layer, AttentionPlan attention);
    }

    static Decoder decoder(Blueprint plan, Rotary rotary, Positions positions) {
        boolean bias = plan.fields().flag("attention_bias", false);
        return plan.decoder(
                List.of(rotary),
                layer -> {
                    AttentionPlan attention = plan.attention(layer).biases(bias, bias);
                    positions.describe(layer, attention);
                    return DecoderBlock.parallel(
                            plan.layerNorm(layer.name("input_layernorm"), false),
                            attention.build(),
                            Optional.empty(),
                            plan.gatedMlp(layer.name("mlp"), false));
                },
                plan.layerNorm("model.norm", false),
                OutputHead.Shaping.scaled(plan.fields().number("logit_scale", LOGIT_SCALE)));
    }

    private static Norm headNorm(Blueprint plan, String name, int heads) {
        int headDim = plan.sizes().headDim();
        return new LayerNorm(
                headDim,
                Optional.of(plan.parameter(name + ".weight", Start.ONES, heads, headDim)),
                Optional.empty(),
                plan.sizes().normEps());
    }
}
