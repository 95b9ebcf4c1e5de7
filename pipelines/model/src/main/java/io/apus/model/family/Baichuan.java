package io.apus.model.family;

import io.apus.model.layer.Alibi;
import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;

/**
 * Baichuan 1 and 2 (their own {@code BaichuanForCausalLM}). 7B turns queries and keys by position, 13B biases scores by distance: its
 * config.json has no max_position_embeddings. Version 2, known by its vocabulary, normalises the rows of its head.
 */
final class Baichuan {
    private static final int VERSION_2_VOCABULARY = 125_696;

    private Baichuan() {}

    static Family family() {
        return Family.of(Baichuan::build).assuming(Blueprint.values("pad_token_id", 0));
    }

    private static Decoder build(Blueprint plan) {
        List<Rotary> rotaries = plan.fields().has("max_position_embeddings") ? List.of(plan.rotary()) : List.of();
        Embedding embedding = plan.embedding("model.embed_tokens");
        OutputHead head = plan.head("lm_head", embedding, OutputHead.Shaping.NONE);
        return new Decoder(
                embedding,
                plan.blocks(
                        "model.layers",
                        layer -> plan.block(
                                layer, attention(plan, layer, rotaries), plan.gatedMlp(layer.name("mlp"), false))),
                plan.rmsNorm("model.norm"),
                plan.sizes().vocabSize() == VERSION_2_VOCABULARY ? head.normalised() : head,
                rotaries);
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, List<Rotary> rotaries) {
        AttentionPlan attention = plan.attention(layer).fused("self_attn.W_pack", false);
        if (rotaries.isEmpty()) {
            Alibi biases = Alibi.of(plan.sizes().numAttentionHeads());
            return attention.rule(rule -> rule.withAlibi(biases)).build();
        }
        return attention.rotary(rotaries.get(0)).build();
    }
}
