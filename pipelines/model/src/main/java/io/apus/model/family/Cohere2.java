package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;

/** Command R7B and A (transformers {@code Cohere2ForCausalLM}): {@link Cohere} with a window and positions in three of four layers. */
final class Cohere2 {
    private static final int PATTERN = 4;

    private Cohere2() {}

    static Family family() {
        return Family.of(Cohere2::build)
                .naming(Cohere.NAMES)
                .assuming(Blueprint.values(
                        "rms_norm_eps",
                        1e-5,
                        "tie_word_embeddings",
                        true,
                        "pad_token_id",
                        0,
                        "max_position_embeddings",
                        8192,
                        "sliding_window",
                        4096));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        return Cohere.decoder(plan, rotary, (layer, attention) -> {
            int window = Windows.patterned(plan.fields(), layer.index(), PATTERN);
            if (window > 0) {
                attention.window(window).rotary(rotary);
            }
        });
    }
}
