package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import io.apus.model.rope.RopeParameters;
import java.util.List;
import java.util.Map;

/** The first InternLM (its own {@code InternLMForCausalLM}): Llama with biases in attention, and positions described under rotary. */
final class InternLm {
    private InternLm() {}

    static Family family() {
        return Family.of(InternLm::build);
    }

    private static Decoder build(Blueprint plan) {
        boolean bias = plan.fields().flag("bias", true);
        Rotary rotary = rotary(plan);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        plan.gatedMlp(layer.name("mlp"), false)));
    }

    private static Rotary rotary(Blueprint plan) {
        JsonNode described = plan.fields().node("rotary");
        RopeParameters rope = plan.sizes().rope();
        RopeParameters plain = rope.unscaled(described.path("base").asDouble(rope.theta()));
        if (!described.path("type").asText().equals("dynamic")) {
            return new Rotary(plain, false);
        }
        double factor = described.path("scaling_factor").asDouble(1);
        return new Rotary(plain.scaled("dynamic", Map.of("factor", factor)), false);
    }
}
