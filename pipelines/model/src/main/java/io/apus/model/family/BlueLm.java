package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import java.util.List;

/** BlueLM 7B (its own {@code BlueLMForCausalLM}): Llama with a layer norm right after the embedding. */
final class BlueLm {
    private BlueLm() {}

    static Family family() {
        return Family.of(BlueLm::build);
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        Embedding plain = plan.embedding("model.embed_tokens");
        Embedding embedding = plan.fields().flag("use_stable_embedding", true)
                ? plain.withNorm(plan.layerNorm("model.embed_layer_norm", true))
                : plain;
        return new Decoder(
                embedding,
                plan.blocks("model.layers", layer -> Llama.block(plan, layer, rotary)),
                plan.rmsNorm("model.norm"),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }
}
