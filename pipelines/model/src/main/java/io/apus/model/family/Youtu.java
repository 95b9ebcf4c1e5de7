package io.apus.model.family;

import io.apus.model.layer.Decoder;
import java.util.List;
import java.util.Map;

/** Youtu-LLM (transformers {@code YoutuForCausalLM}): DeepSeek-V3's attention in a dense decoder. */
final class Youtu {
    private Youtu() {}

    static Family family() {
        return Family.of(Youtu::build)
                .naming(Map.of("head_dim", "qk_rope_head_dim"))
                .assuming(Blueprint.values("tie_word_embeddings", true));
    }

    private static Decoder build(Blueprint plan) {
        LatentPlan latent = new LatentPlan(plan, plan.fields().flag("rope_interleave", true));
        return plan.decoder(
                List.of(latent.rotary()),
                layer -> plan.block(
                        layer,
                        latent.attention(layer),
                        plan.gatedMlp(layer.name("mlp"), plan.fields().flag("mlp_bias", false))));
    }
}
