package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.TopRouting;
import io.apus.model.rope.RopeParameters;
import java.util.List;

/** MiniMax-M2 (transformers {@code MiniMaxM2ForCausalLM}): Mixtral's names, sigmoid routing, norms over all heads; without its MTP modules. */
final class MiniMaxM2 {
    private MiniMaxM2() {}

    static Family family() {
        return Family.of(MiniMaxM2::build)
                .assuming(Blueprint.values("num_local_experts", 256, "num_experts_per_tok", 8))
                .ignoring("model\\.layers\\.{layers}\\..*", "model\\.mtp.*");
    }

    private static Decoder build(Blueprint plan) {
        Dimensions sizes = plan.sizes();
        int turned = plan.fields().positive("rotary_dim", sizes.rope().dim());
        Rotary rotary =
                new Rotary(RopeParameters.of(plan.fields().json(), turned, sizes.maxPositionEmbeddings()), false);
        return plan.decoder(
                List.of(rotary), layer -> plan.block(layer, attention(plan, layer, rotary), experts(plan, layer)));
    }

    private static TokenMixer attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        AttentionPlan attention =
                plan.attention(layer).rotary(rotary).window(plan.fields().positiveOrNone("sliding_window"));
        if (plan.fields().flag("use_qk_norm", true)) {
            attention.norms(plan.rowNorms(layer));
        }
        return attention.build();
    }

    private static FeedForward experts(Blueprint plan, Blueprint.Layer layer) {
        int count = plan.fields().positive("num_local_experts");
        ExpertPlan experts = new ExpertPlan(plan, layer.name("block_sparse_moe"), count).names(Mixtral.NAMES);
        TopRouting sigmoid = TopRouting.sigmoid(plan.fields().positive("num_experts_per_tok"), true);
        return experts.routing(
                        plan.fields().flag("use_routing_bias", true)
                                ? sigmoid.corrected(experts.correction("e_score_correction_bias", count))
                                : sigmoid)
                .separate(plan.sizes().intermediateSize())
                .build();
    }
}
