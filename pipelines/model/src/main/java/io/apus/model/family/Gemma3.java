package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Gemma 3's text models (transformers {@code Gemma3ForCausalLM}): five of six layers have a window, and positions of their own. */
final class Gemma3 {
    private static final int PATTERN = 6;
    private static final double LOCAL_BASE = 10_000;

    private Gemma3() {}

    static Family family() {
        return Family.of(Gemma3::build)
                .assuming(Blueprint.values(
                        "head_dim",
                        256,
                        "tie_word_embeddings",
                        true,
                        "pad_token_id",
                        0,
                        "sliding_window",
                        4096,
                        "rope_theta",
                        1_000_000.0,
                        "max_position_embeddings",
                        131_072));
    }

    private static Decoder build(Blueprint plan) {
        Rotary global = plan.rotary();
        double base = plan.fields().number("rope_local_base_freq", LOCAL_BASE);
        Rotary local = new Rotary(plan.sizes().rope().unscaled(base), false);
        return plan.decoder(
                List.of(global, local),
                layer -> Gemma2.block(plan, layer, attention(plan, layer, global, local)),
                Gemma.norm(plan, "model.norm"),
                Gemma2.shaping(plan),
                Gemma.embeddingScale(plan));
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary global, Rotary local) {
        int window = Windows.patterned(plan.fields(), layer.index(), PATTERN);
        int headDim = plan.sizes().headDim();
        return Gemma2.attention(plan, layer, window > 0 ? local : global, window)
                .norms(new HeadNorms(
                        plan.rmsNormAroundOne(layer.name("self_attn.q_norm"), headDim),
                        plan.rmsNormAroundOne(layer.name("self_attn.k_norm"), headDim),
                        false,
                        false))
                .build();
    }
}
