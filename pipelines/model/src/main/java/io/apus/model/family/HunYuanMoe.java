package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;

/** Hunyuan-A13B (transformers {@code HunYuanMoEV1ForCausalLM}): Hunyuan's attention, experts and one network for all in every layer. */
final class HunYuanMoe {
    private HunYuanMoe() {}

    static Family family() {
        return Family.of(HunYuanMoe::build).assuming(Blueprint.values("rms_norm_eps", 1e-5, "pad_token_id", 0));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = HunYuan.rotary(plan);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(layer, HunYuan.attention(plan, layer, rotary), experts(plan, layer)));
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        int width = plan.sizes().intermediateSize();
        return new ExpertPlan(plan, layer.name("mlp"), number(plan, "num_experts", layer))
                .router("gate.wg", true, false)
                .routing(TopRouting.softmax(number(plan, "moe_topk", layer), true))
                .separate(width)
                .shared("shared_mlp", width)
                .build();
    }

    /** One number for all layers, or a list with one for each. */
    private static int number(Blueprint plan, String key, Blueprint.Layer layer) {
        JsonNode value = plan.fields().node(key);
        JsonNode own = value.isArray() ? value.path(layer.index()) : value;
        if (own.asInt() < 1) {
            plan.fields().problem(key + " gives layer " + layer.index() + " no whole number of at least 1");
        }
        return Math.max(1, own.asInt());
    }
}
