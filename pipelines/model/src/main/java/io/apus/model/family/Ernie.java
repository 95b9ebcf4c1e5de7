package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;
import java.util.Map;

/** ERNIE 4.5's dense models (transformers {@code Ernie4_5ForCausalLM}): positions turn pairs of neighbours; use_bias is for all maps. */
final class Ernie {
    /** What the classes of the dense and the mixture-of-experts models assume alike. */
    static final Map<String, Object> DEFAULTS = Blueprint.values(
            "rms_norm_eps",
            1e-5,
            "tie_word_embeddings",
            true,
            "pad_token_id",
            0,
            "rope_theta",
            500_000.0,
            "max_position_embeddings",
            131_072);

    private Ernie() {}

    static Family family() {
        return Family.of(Ernie::build).assuming(DEFAULTS).ignoring(".*mtp.*");
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.interleavedRotary();
        boolean bias = plan.fields().flag("use_bias", false);
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer).biases(bias, bias).rotary(rotary).build(),
                        plan.gatedMlp(layer.name("mlp"), bias)));
    }
}
