package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.expert.TopRouting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ERNIE 4.5's mixtures of experts (transformers {@code Ernie4_5_MoeForCausalLM}): the correction chooses among probabilities. */
final class ErnieMoe {
    private static final double DEFAULT_FLOOR = 1e-12;

    private ErnieMoe() {}

    static Family family() {
        return Family.of(ErnieMoe::build).assuming(defaults()).ignoring(".*mtp.*");
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> all = new HashMap<>(Ernie.DEFAULTS);
        all.putAll(Blueprint.values(
                "num_key_value_heads", 4,
                "moe_num_experts", 64,
                "moe_k", 6,
                "moe_num_shared_experts", 2,
                "moe_intermediate_size", 1536));
        return all;
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        boolean bias = plan.fields().flag("use_bias", false);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        sparse(plan.fields(), layer.index())
                                ? experts(plan, layer, bias)
                                : plan.gatedMlp(layer.name("mlp"), bias)));
    }

    private static boolean sparse(ConfigFields fields, int layer) {
        int end = fields.node("moe_layer_end_index").asInt(-1);
        return (layer + 1) % fields.positive("moe_layer_interval", 1) == 0
                && layer >= fields.node("moe_layer_start_index").asInt(1)
                && (end < 0 || layer <= end);
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer, boolean bias) {
        ConfigFields fields = plan.fields();
        int count = fields.positive("moe_num_experts");
        int width = fields.positive("moe_intermediate_size");
        ExpertPlan experts = new ExpertPlan(plan, layer.name("mlp"), count).biased(bias);
        return experts.routing(TopRouting.softmax(fields.positive("moe_k"), true)
                        .corrected(experts.correction("moe_statics.e_score_correction_bias", 1, count))
                        .floored(fields.number("moe_norm_min", DEFAULT_FLOOR)))
                .separate(width)
                .shared(
                        "shared_experts",
                        (long) width * fields.node("moe_num_shared_experts").asInt(0))
                .build();
    }
}
