package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/**
 * Qwen2 and Qwen2.5 (transformers {@code Qwen2ForCausalLM}): biased queries, keys and values. MiMo is the same with layers for further
 * tokens, which plain use leaves out.
 */
final class Qwen2 {
    static final int DEFAULT_WINDOW = 4096;

    private Qwen2() {}

    static Family family() {
        return Family.of(Qwen2::build)
                .assuming(Blueprint.values("sliding_window", DEFAULT_WINDOW))
                .ignoring("model\\.mtp_layers\\..*");
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer)
                                .biases(true, false)
                                .rotary(rotary)
                                .window(Windows.qwen(plan.fields(), layer.index()))
                                .build(),
                        plan.gatedMlp(layer.name("mlp"), false)));
    }
}
