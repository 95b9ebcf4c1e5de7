package io.apus.model.family;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/** The families that can be loaded, by the name that config.json gives under architectures. */
public final class Families {
    /** Families with several names. */
    private static final Family ERNIE = Ernie.family();

    private static final Family PHI_MOE = PhiMoe.family();

    private static final Registry<Family> ALL = Registry.of(
            "architecture",
            entry("Cohere2ForCausalLM", Cohere2.family()),
            entry("CohereForCausalLM", Cohere.family()),
            entry("Ernie4_5_ForCausalLM", ERNIE),
            entry("Ernie4_5ForCausalLM", ERNIE),
            entry("Gemma2ForCausalLM", Gemma2.family()),
            entry("Gemma3ForCausalLM", Gemma3.family()),
            entry("GemmaForCausalLM", Gemma.family()),
            entry("Glm4ForCausalLM", Glm4.family()),
            entry("GlmForCausalLM", Glm.family()),
            entry("GPTNeoXForCausalLM", GptNeoX.family()),
            entry("GraniteForCausalLM", Granite.family()),
            entry("HunYuanDenseV1ForCausalLM", HunYuan.family()),
            entry("LlamaForCausalLM", Llama.family()),
            entry("MistralForCausalLM", Mistral.family()),
            entry("Olmo2ForCausalLM", Olmo2.family()),
            entry("Phi3ForCausalLM", Phi3.family()),
            entry("PhiForCausalLM", Phi.family()),
            entry("Qwen2ForCausalLM", Qwen2.family()),
            entry("Qwen3ForCausalLM", Qwen3.family()),
            entry("SeedOssForCausalLM", SeedOss.family()),
            entry("SmolLM3ForCausalLM", SmolLm3.family()),
            entry("Starcoder2ForCausalLM", Starcoder2.family()),
            // Mixtures of experts, latent attention, hybrids.
            entry("DeepseekForCausalLM", Deepseek.family()),
            entry("DeepseekV2ForCausalLM", DeepseekV2.family()),
            entry("DeepseekV3ForCausalLM", DeepseekV3.family()),
            entry("Dots1ForCausalLM", Dots1.family()),
            entry("Ernie4_5_MoeForCausalLM", ErnieMoe.family()),
            entry("Glm4MoeForCausalLM", Glm4Moe.family()),
            entry("GptOssForCausalLM", GptOss.family()),
            entry("GraniteMoeForCausalLM", GraniteMoe.family()),
            entry("HunYuanMoEV1ForCausalLM", HunYuanMoe.family()),
            entry("MiniCPM3ForCausalLM", MiniCpm3.family()),
            entry("MixtralForCausalLM", Mixtral.family()),
            entry("OlmoeForCausalLM", Olmoe.family()),
            entry("PhiMoEForCausalLM", PHI_MOE),
            entry("PhimoeForCausalLM", PHI_MOE),
            entry("Qwen2MoeForCausalLM", Qwen2Moe.family()),
            entry("Qwen3MoeForCausalLM", Qwen3Moe.family()));

    private Families() {}

    public static Family of(String architecture) {
        return ALL.get(architecture);
    }

    public static Set<String> names() {
        return ALL.names();
    }
}
