package io.apus.model.family;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.expert.TopRouting;
import io.apus.model.layer.expert.TopRouting.Groups;

/** Experts as the config.json of DeepSeek's models and their kin says them. */
final class DeepseekExperts {
    /** Groups are rated by their two best experts (V3), by the best one (V2). */
    static final int BEST_OF_V3 = 2;

    private DeepseekExperts() {}

    /** The dense network of the first layers, or else experts by V3's rule: sigmoids, a correction that balances the load, groups. */
    static FeedForward corrected(Blueprint plan, Blueprint.Layer layer) {
        if (dense(plan.fields(), layer.index())) {
            return plan.gatedMlp(layer.name("mlp"), false);
        }
        ExpertPlan experts = experts(plan, layer);
        int count = plan.fields().positive("n_routed_experts");
        TopRouting sigmoid = TopRouting.sigmoid(chosen(plan), plan.fields().flag("norm_topk_prob", true))
                .corrected(experts.correction("gate.e_score_correction_bias", count))
                .scaled(plan.fields().number("routed_scaling_factor", 1));
        return experts.routing(grouped(plan.fields(), "n_routed_experts", sigmoid, BEST_OF_V3))
                .build();
    }

    /** The dense network of the first layers, or else experts by V2's rule: a softmax, groups where topk_method asks for them. */
    static FeedForward softmax(Blueprint plan, Blueprint.Layer layer) {
        if (dense(plan.fields(), layer.index())) {
            return plan.gatedMlp(layer.name("mlp"), false);
        }
        ConfigFields fields = plan.fields();
        boolean normalised = fields.flag("norm_topk_prob", false);
        TopRouting softmax = TopRouting.softmax(chosen(plan), normalised)
                // As published: either a sum of one or a scale.
                .scaled(normalised ? 1 : fields.number("routed_scaling_factor", 1));
        TopRouting routing =
                switch (fields.text("topk_method", "greedy")) {
                    case "greedy" -> softmax;
                    case "group_limited_greedy" -> grouped(fields, "n_routed_experts", softmax, 1);
                    default -> {
                        fields.problem("topk_method " + fields.node("topk_method") + " is not supported (known: greedy,"
                                + " group_limited_greedy)");
                        yield softmax;
                    }
                };
        return experts(plan, layer).routing(routing).build();
    }

    private static boolean dense(ConfigFields fields, int layer) {
        return layer < fields.node("first_k_dense_replace").asInt(0)
                || layer % fields.positive("moe_layer_freq", 1) != 0;
    }

    private static int chosen(Blueprint plan) {
        return plan.fields().positive("num_experts_per_tok");
    }

    private static ExpertPlan experts(Blueprint plan, Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        int width = fields.positive("moe_intermediate_size");
        return new ExpertPlan(plan, layer.name("mlp"), fields.positive("n_routed_experts"))
                .router("gate", false, false)
                .separate(width)
                .shared(
                        "shared_experts",
                        (long) width * fields.node("n_shared_experts").asInt(0));
    }

    /**
     * Keeps tokens to groups of experts where config.json has several.
     *
     * @param experts key of the number of experts
     */
    static TopRouting grouped(ConfigFields fields, String experts, TopRouting routing, int best) {
        int groups = fields.positive("n_group", 1);
        int kept = fields.positive("topk_group", groups);
        if (fields.positive(experts) % groups != 0 || kept > groups) {
            fields.problem(experts + " cannot be split into n_group " + groups + " groups of which topk_group " + kept
                    + " are kept");
            return routing;
        }
        return groups == 1 ? routing : routing.within(new Groups(groups, kept, best));
    }
}
