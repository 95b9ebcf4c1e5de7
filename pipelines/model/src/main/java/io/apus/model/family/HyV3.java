package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;

/** Hunyuan 3 (transformers {@code HYV3ForCausalLM}): Qwen3's attention, sigmoid routing; without the layer for further tokens. */
final class HyV3 {
    private HyV3() {}

    static Family family() {
        return Family.of(HyV3::build)
                .assuming(Blueprint.values("rms_norm_eps", 1e-5, "first_k_dense_replace", 1, "num_shared_experts", 1))
                .ignoring("model\\.layers\\.{layers}\\..*");
    }

    private static Decoder build(Blueprint plan) {
        if (!plan.fields().flag("qk_norm", true)
                || !plan.fields().flag("moe_router_use_sigmoid", true)
                || !plan.fields().flag("route_norm", true)) {
            plan.fields().problem("qk_norm, moe_router_use_sigmoid and route_norm must be true");
        }
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(layer, Qwen3.attention(plan, layer, rotary, 0), network(plan, layer)));
    }

    private static FeedForward network(Blueprint plan, Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        if (layer.index() < fields.node("first_k_dense_replace").asInt(0)) {
            return plan.gatedMlp(layer.name("mlp"), false);
        }
        int count = fields.positive("num_experts");
        int width = fields.positive("moe_intermediate_size");
        ExpertPlan experts = new ExpertPlan(plan, layer.name("mlp"), count).router("router.gate", false, false);
        TopRouting sigmoid = TopRouting.sigmoid(fields.positive("num_experts_per_tok"), true)
                .scaled(fields.number("router_scaling_factor", 1));
        return experts.routing(
                        fields.flag("moe_router_enable_expert_bias", true)
                                ? sigmoid.corrected(experts.correction("expert_bias", count))
                                : sigmoid)
                .separate(width)
                .shared(
                        "shared_mlp",
                        (long) width * fields.node("num_shared_experts").asInt(0))
                .build();
    }
}
