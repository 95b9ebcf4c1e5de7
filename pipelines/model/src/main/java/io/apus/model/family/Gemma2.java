package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Optional;

/** Gemma 2 (transformers {@code Gemma2ForCausalLM}): norms before and after, capped scores and logits, a window in every other layer. */
final class Gemma2 {
    private static final int DEFAULT_SCALAR = 256;

    private Gemma2() {}

    static Family family() {
        return Family.of(Gemma2::build)
                .assuming(Blueprint.values(
                        "head_dim",
                        256,
                        "tie_word_embeddings",
                        true,
                        "pad_token_id",
                        0,
                        "sliding_window",
                        4096,
                        "attn_logit_softcapping",
                        50.0,
                        "final_logit_softcapping",
                        30.0));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> block(
                        plan,
                        layer,
                        attention(plan, layer, rotary, Windows.patterned(plan.fields(), layer.index(), 2))
                                .build()),
                Gemma.norm(plan, "model.norm"),
                shaping(plan),
                Gemma.embeddingScale(plan));
    }

    /** Also Gemma 3's. */
    static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Attention attention) {
        return DecoderBlock.sandwiched(
                Gemma.norm(plan, layer.name("input_layernorm")),
                attention,
                Gemma.norm(plan, layer.name("post_attention_layernorm")),
                Gemma.norm(plan, layer.name("pre_feedforward_layernorm")),
                Gemma.mlp(plan, layer),
                Gemma.norm(plan, layer.name("post_feedforward_layernorm")));
    }

    /** Also Gemma 3's. */
    static AttentionPlan attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary, int window) {
        boolean bias = plan.fields().flag("attention_bias", false);
        double scalar = plan.fields().number("query_pre_attn_scalar", DEFAULT_SCALAR);
        double cap = cap(plan, "attn_logit_softcapping");
        return plan.attention(layer)
                .biases(bias, bias)
                .rotary(rotary)
                .window(window)
                .scale(1 / Math.sqrt(scalar))
                .rule(rule -> rule.withSoftcap(cap));
    }

    static OutputHead.Shaping shaping(Blueprint plan) {
        return new OutputHead.Shaping(Optional.empty(), 1, cap(plan, "final_logit_softcapping"));
    }

    private static double cap(Blueprint plan, String key) {
        return plan.fields().number(key, 0);
    }
}
