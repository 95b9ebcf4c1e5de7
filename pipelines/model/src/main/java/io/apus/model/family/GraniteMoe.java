package io.apus.model.family;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.FusedExperts;
import io.apus.model.layer.expert.Gatings;
import io.apus.model.layer.expert.TopRouting;
import java.util.Optional;

/** Granite 3's mixtures of experts (transformers {@code GraniteMoeForCausalLM}): Granite with experts in every layer. */
final class GraniteMoe {
    private GraniteMoe() {}

    static Family family() {
        return Family.of(plan -> Granite.build(plan, layer -> experts(plan, layer)))
                .assuming(Blueprint.values("num_local_experts", 8, "num_experts_per_tok", 2));
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        String module = layer.name("block_sparse_moe");
        int count = plan.fields().positive("num_local_experts");
        long hidden = plan.sizes().hiddenSize();
        long width = plan.sizes().intermediateSize();
        return new ExpertPlan(plan, module, count)
                .router("router.layer", true, false)
                .routing(TopRouting.softmax(plan.fields().positive("num_experts_per_tok"), true))
                .experts(new FusedExperts(
                        plan.experts(module + ".input_linear.weight", ExpertLayout.turned(hidden, 2 * width), count),
                        Optional.empty(),
                        plan.experts(module + ".output_linear.weight", ExpertLayout.turned(width, hidden), count),
                        Optional.empty(),
                        Gatings.halves(plan.activation("hidden_act", "silu"))))
                .build();
    }
}
