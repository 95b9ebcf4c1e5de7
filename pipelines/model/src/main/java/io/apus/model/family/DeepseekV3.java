package io.apus.model.family;

import io.apus.model.layer.Decoder;
import java.util.List;
import java.util.Map;

/** DeepSeek-V3 and R1, Moonlight, Kimi K2 (transformers {@code DeepseekV3ForCausalLM}); without their modules for several tokens ahead. */
final class DeepseekV3 {
    private DeepseekV3() {}

    static Family family() {
        return family(Blueprint.values(
                "q_lora_rank", 1536,
                "kv_lora_rank", 512,
                "qk_nope_head_dim", 128,
                "qk_rope_head_dim", 64,
                "v_head_dim", 128,
                "n_routed_experts", 256,
                "n_shared_experts", 1,
                "num_experts_per_tok", 8,
                "n_group", 8,
                "topk_group", 4,
                "first_k_dense_replace", 3,
                "moe_intermediate_size", 2048,
                "routed_scaling_factor", 2.5,
                "max_position_embeddings", 4096));
    }

    /** GLM-4.7-Flash (transformers {@code Glm4MoeLiteForCausalLM}). */
    static Family glm() {
        return family(Blueprint.values(
                "q_lora_rank", 768,
                "kv_lora_rank", 512,
                "qk_nope_head_dim", 192,
                "qk_rope_head_dim", 64,
                "v_head_dim", 256,
                "n_routed_experts", 64,
                "n_shared_experts", 1,
                "num_experts_per_tok", 4,
                "first_k_dense_replace", 1,
                "moe_intermediate_size", 1536,
                "routed_scaling_factor", 1.8,
                "rms_norm_eps", 1e-5,
                "max_position_embeddings", 202_752));
    }

    private static Family family(Map<String, Object> defaults) {
        return Family.of(DeepseekV3::build)
                .naming(Map.of("head_dim", "qk_rope_head_dim"))
                .assuming(defaults)
                .ignoring("model\\.layers\\.{layers}\\..*");
    }

    private static Decoder build(Blueprint plan) {
        LatentPlan latent = new LatentPlan(plan, plan.fields().flag("rope_interleave", true));
        return plan.decoder(
                List.of(latent.rotary()),
                layer -> plan.block(layer, latent.attention(layer), DeepseekExperts.corrected(plan, layer)));
    }
}
