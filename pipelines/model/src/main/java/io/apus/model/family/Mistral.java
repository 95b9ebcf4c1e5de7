package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Mistral 7B and its kin (transformers {@code MistralForCausalLM}): no biases; one window for all layers. */
final class Mistral {
    /** What transformers assumes where config.json has no sliding_window at all; null there means no window. */
    private static final int DEFAULT_WINDOW = 4096;

    private Mistral() {}

    static Family family() {
        return Family.of(Mistral::build).assuming(Blueprint.values("sliding_window", DEFAULT_WINDOW));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        int window = plan.fields().positiveOrNone("sliding_window");
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).rotary(rotary).window(window).build(),
                        plan.gatedMlp(layer.name("mlp"), false)));
    }
}
