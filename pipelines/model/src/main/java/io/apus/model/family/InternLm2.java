package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;

/** InternLM2 and 2.5 (their own {@code InternLM2ForCausalLM}): wqkv holds for each key-value head its queries, its key and its value. */
final class InternLm2 {
    private InternLm2() {}

    static Family family() {
        return Family.of(InternLm2::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("bias", true);
        Rotary rotary = plan.rotary();
        Embedding embedding = plan.embedding("model.tok_embeddings");
        return new Decoder(
                embedding,
                plan.blocks("model.layers", layer -> block(plan, layer, rotary, bias)),
                plan.rmsNorm("model.norm"),
                plan.head("output", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary, boolean bias) {
        return DecoderBlock.sequential(
                plan.rmsNorm(layer.name("attention_norm")),
                plan.attention(layer)
                        .biases(bias, bias)
                        .fused("attention.wqkv", true)
                        .output("attention.wo")
                        .rotary(rotary)
                        .build(),
                plan.rmsNorm(layer.name("ffn_norm")),
                plan.gatedMlp(
                        layer.name("feed_forward"),
                        List.of("w1", "w3", "w2"),
                        plan.sizes().intermediateSize(),
                        false));
    }
}
