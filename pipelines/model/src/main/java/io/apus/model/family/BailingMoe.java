package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.Routing;
import io.apus.model.layer.expert.TopRouting;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Ling 1 (the published {@code BailingMoeForCausalLM}): fused queries, keys and values, Qwen's routing, shared experts. */
final class BailingMoe {
    private BailingMoe() {}

    static Family family() {
        return Family.of(BailingMoe::build).assuming(Blueprint.values("num_shared_experts", 0, "norm_topk_prob", true));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return decoder(
                plan,
                rotary,
                layer -> attention(plan, layer, rotary).build(),
                (experts, fields) -> TopRouting.softmax(
                        fields.positive("num_experts_per_tok"), fields.flag("norm_topk_prob", true)));
    }

    /** Also Ling 2's decoder. */
    static Decoder decoder(
            Blueprint plan,
            Rotary rotary,
            Function<Blueprint.Layer, TokenMixer> mixer,
            BiFunction<ExpertPlan, ConfigFields, Routing> routing) {
        Embedding embedding = plan.embedding("model.word_embeddings");
        OutputHead head = plan.head("lm_head", embedding, OutputHead.Shaping.NONE);
        return new Decoder(
                embedding,
                plan.blocks(
                        "model.layers", layer -> plan.block(layer, mixer.apply(layer), network(plan, layer, routing))),
                plan.rmsNorm("model.norm"),
                plan.fields().flag("norm_head", false) ? head.normalisedColumns() : head,
                List.of(rotary));
    }

    static AttentionPlan attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        return plan.attention(layer)
                .biases(plan.fields().flag("use_qkv_bias", false), plan.fields().flag("use_bias", false))
                .fused("attention.query_key_value", false)
                .output("attention.dense")
                .rotary(rotary);
    }

    private static FeedForward network(
            Blueprint plan, Blueprint.Layer layer, BiFunction<ExpertPlan, ConfigFields, Routing> routing) {
        ConfigFields fields = plan.fields();
        boolean bias = fields.flag("use_bias", false);
        if (layer.index() < fields.node("first_k_dense_replace").asInt(0)) {
            return plan.gatedMlp(layer.name("mlp"), bias);
        }
        int width = fields.positive("moe_intermediate_size");
        ExpertPlan experts = new ExpertPlan(plan, layer.name("mlp"), fields.positive("num_experts"))
                .biased(bias)
                .router("gate", false, false);
        return experts.routing(routing.apply(experts, fields))
                .separate(width)
                .shared(
                        "shared_experts",
                        (long) width * fields.node("num_shared_experts").asInt(0))
                .build();
    }
}
