package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Phi-3, 3.5 and 4 (transformers {@code Phi3ForCausalLM}): fused maps for queries, keys and values, and for gate and up. */
final class Phi3 {
    private Phi3() {}

    static Family family() {
        return Family.of(Phi3::build)
                .assuming(Blueprint.values(
                        "rms_norm_eps",
                        1e-5,
                        "pad_token_id",
                        32_000,
                        "max_position_embeddings",
                        4096,
                        "original_max_position_embeddings",
                        4096));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        int window = plan.fields().positiveOrNone("sliding_window");
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer)
                                .fused("self_attn.qkv_proj", false)
                                .rotary(rotary)
                                .window(window)
                                .build(),
                        plan.fusedGatedMlp(layer.name("mlp.gate_up_proj"), layer.name("mlp.down_proj"), false)));
    }
}
