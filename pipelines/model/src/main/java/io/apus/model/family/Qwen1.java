package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;

/**
 * The first Qwen (its own {@code QWenLMHeadModel}). Its use_dynamic_ntk and use_logn_attn change nothing up to the trained length
 * (seq_length), and nothing while training at any length; longer texts are computed here as they are while training.
 */
final class Qwen1 {
    private Qwen1() {}

    static Family family() {
        return Family.of(Qwen1::build)
                .naming(Map.of(
                        "rms_norm_eps",
                        "layer_norm_epsilon",
                        "head_dim",
                        "kv_channels",
                        "rope_theta",
                        "rotary_emb_base",
                        "partial_rotary_factor",
                        "rotary_pct"))
                .ignoring(".*\\.attn\\.masked_bias");
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = !plan.fields().flag("no_bias", true);
        Rotary rotary = plan.rotary();
        Embedding embedding = plan.embeddingWithoutPadding("transformer.wte");
        return new Decoder(
                embedding,
                plan.blocks("transformer.h", layer -> block(plan, layer, rotary, bias)),
                plan.rmsNorm("transformer.ln_f"),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    /** intermediate_size counts gate and up together; w2 is the gate. */
    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary, boolean bias) {
        return DecoderBlock.sequential(
                plan.rmsNorm(layer.name("ln_1")),
                plan.attention(layer)
                        .biases(true, bias)
                        .fused("attn.c_attn", false)
                        .output("attn.c_proj")
                        .rotary(rotary)
                        .build(),
                plan.rmsNorm(layer.name("ln_2")),
                plan.gatedMlp(
                        layer.name("mlp"),
                        List.of("w2", "w1", "c_proj"),
                        plan.sizes().intermediateSize() / 2,
                        bias));
    }
}
