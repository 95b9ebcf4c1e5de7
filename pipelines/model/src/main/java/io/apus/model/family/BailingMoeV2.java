package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.Routing;
import io.apus.model.layer.expert.TopRouting;

/** Ling 2 and Ring 2 (the published {@code BailingMoeV2ForCausalLM}): Ling with norms in attention and DeepSeek-V3's routing. */
final class BailingMoeV2 {
    private BailingMoeV2() {}

    static Family family() {
        return Family.of(BailingMoeV2::build)
                .assuming(Blueprint.values("num_shared_experts", 0, "norm_topk_prob", true))
                .ignoring("model\\.layers\\.{layers}\\..*");
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return BailingMoe.decoder(plan, rotary, layer -> attention(plan, layer, rotary), BailingMoeV2::routing);
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        AttentionPlan attention = BailingMoe.attention(plan, layer, rotary);
        int headDim = plan.sizes().headDim();
        if (plan.fields().flag("use_qk_norm", true)) {
            attention.norms(new HeadNorms(
                    plan.rmsNorm(layer.name("attention.query_layernorm"), headDim),
                    plan.rmsNorm(layer.name("attention.key_layernorm"), headDim),
                    false,
                    false));
        }
        return attention.build();
    }

    private static Routing routing(ExpertPlan experts, ConfigFields fields) {
        TopRouting sigmoid = TopRouting.sigmoid(
                        fields.positive("num_experts_per_tok"), fields.flag("norm_topk_prob", true))
                .scaled(fields.number("routed_scaling_factor", 1));
        if (fields.flag("moe_router_enable_expert_bias", true)) {
            sigmoid = sigmoid.corrected(experts.correction("gate.expert_bias", fields.positive("num_experts")));
        }
        return DeepseekExperts.grouped(fields, "num_experts", sigmoid, DeepseekExperts.BEST_OF_V3);
    }
}
