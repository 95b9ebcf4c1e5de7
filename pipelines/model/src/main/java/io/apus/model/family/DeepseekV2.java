package io.apus.model.family;

import io.apus.model.layer.Decoder;
import java.util.List;
import java.util.Map;

/** DeepSeek-V2 and V2.5 (transformers {@code DeepseekV2ForCausalLM}; the scale of scores under YaRN as in the published code). */
final class DeepseekV2 {
    private DeepseekV2() {}

    static Family family() {
        return Family.of(DeepseekV2::build)
                .naming(Map.of("head_dim", "qk_rope_head_dim"))
                .assuming(Blueprint.values(
                        "q_lora_rank", 1536,
                        "kv_lora_rank", 512,
                        "qk_nope_head_dim", 128,
                        "qk_rope_head_dim", 64,
                        "v_head_dim", 128,
                        "n_routed_experts", 64,
                        "n_shared_experts", 2,
                        "moe_intermediate_size", 1407));
    }

    private static Decoder build(Blueprint plan) {
        LatentPlan latent = new LatentPlan(plan, true);
        return plan.decoder(
                List.of(latent.rotary()),
                layer -> plan.block(layer, latent.attention(layer), DeepseekExperts.softmax(plan, layer)));
    }
}
