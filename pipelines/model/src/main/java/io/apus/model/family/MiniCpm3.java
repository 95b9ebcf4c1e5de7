package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.OutputHead;
import java.util.List;
import java.util.Map;

/** MiniCPM3 (the published {@code MiniCPM3ForCausalLM}): latent attention, MiniCPM's scales of embedding, layers and logits. */
final class MiniCpm3 {
    private MiniCpm3() {}

    static Family family() {
        return Family.of(MiniCpm3::build)
                .naming(Map.of("head_dim", "qk_rope_head_dim"))
                .assuming(Blueprint.values("tie_word_embeddings", true));
    }

    private static Decoder build(Blueprint plan) {
        ConfigFields fields = plan.fields();
        Dimensions sizes = plan.sizes();
        if (!fields.has("v_head_dim")) {
            fields.json().put("v_head_dim", sizes.hiddenSize() / sizes.numAttentionHeads());
        }
        LatentPlan latent = new LatentPlan(plan, false);
        double depth = fields.number("scale_depth", 1) / Math.sqrt(sizes.numHiddenLayers());
        double base = fields.number("dim_model_base", sizes.hiddenSize());
        return plan.decoder(
                List.of(latent.rotary()),
                layer -> plan.block(layer, latent.attention(layer), plan.gatedMlp(layer.name("mlp"), false))
                        .withResidualScale(depth),
                plan.rmsNorm("model.norm"),
                OutputHead.Shaping.scaled(base / sizes.hiddenSize()),
                fields.number("scale_emb", 1));
    }
}
