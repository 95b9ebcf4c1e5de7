package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** DeepSeekMoE 16B (the published {@code DeepseekForCausalLM}): Llama's attention, experts after the first layer. */
final class Deepseek {
    private Deepseek() {}

    static Family family() {
        return Family.of(Deepseek::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("attention_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        DeepseekExperts.softmax(plan, layer)));
    }
}
