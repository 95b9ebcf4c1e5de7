package io.apus.model.family;

import io.apus.model.layer.expert.TopRouting;

/** Experts as Qwen's config.json says them. */
final class QwenExperts {
    private QwenExperts() {}

    /** Whether the layer has experts: every decoder_sparse_step-th one, but for those in mlp_only_layers. */
    static boolean at(ConfigFields fields, int layer) {
        return !fields.ids("mlp_only_layers").contains(layer)
                && (layer + 1) % fields.positive("decoder_sparse_step", 1) == 0;
    }

    /** The layer's experts; how their weights are scaled is for norm_topk_prob to say. */
    static ExpertPlan plan(Blueprint plan, Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        return new ExpertPlan(plan, layer.name("mlp"), fields.positive("num_experts"))
                .routing(TopRouting.softmax(
                        fields.positive("num_experts_per_tok"), fields.flag("norm_topk_prob", false)))
                .separate(fields.positive("moe_intermediate_size"));
    }
}
