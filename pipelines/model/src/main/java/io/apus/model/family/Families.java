package io.apus.model.family;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/** The families that can be loaded, by the name that config.json gives under architectures. */
public final class Families {
    // Families that go by several names.
    private static final Family BAICHUAN = Baichuan.family();

    private static final Family CHAT_GLM = ChatGlm.family();

    private static final Family ERNIE = Ernie.family();

    private static final Family LLAMA = Llama.family();

    private static final Family QWEN2 = Qwen2.family();

    private static final Family TELE_CHAT = TeleChat.family();

    private static final Family PHI_MOE = PhiMoe.family();

    private static final Registry<Family> ALL = Registry.of(
            "architecture",
            entry("BaiChuanForCausalLM", BAICHUAN),
            entry("BaichuanForCausalLM", BAICHUAN),
            entry("BloomForCausalLM", Bloom.family()),
            entry("BlueLMForCausalLM", BlueLm.family()),
            entry("ChatGLMForConditionalGeneration", CHAT_GLM),
            entry("ChatGLMModel", CHAT_GLM),
            entry("Cohere2ForCausalLM", Cohere2.family()),
            entry("CohereForCausalLM", Cohere.family()),
            entry("Ernie4_5_ForCausalLM", ERNIE),
            entry("Ernie4_5ForCausalLM", ERNIE),
            entry("FalconForCausalLM", Falcon.family()),
            entry("Gemma2ForCausalLM", Gemma2.family()),
            entry("Gemma3ForCausalLM", Gemma3.family()),
            entry("GemmaForCausalLM", Gemma.family()),
            entry("Glm4ForCausalLM", Glm4.family()),
            entry("GlmForCausalLM", Glm.family()),
            entry("GPT2LMHeadModel", Gpt2.family()),
            entry("GPTNeoXForCausalLM", GptNeoX.family()),
            entry("GraniteForCausalLM", Granite.family()),
            entry("HunYuanDenseV1ForCausalLM", HunYuan.family()),
            entry("InternLM2ForCausalLM", InternLm2.family()),
            entry("InternLM3ForCausalLM", InternLm3.family()),
            entry("InternLMForCausalLM", InternLm.family()),
            entry("IQuestCoderForCausalLM", LLAMA),
            entry("LLaMAForCausalLM", LLAMA),
            entry("LlamaForCausalLM", LLAMA),
            entry("MiMoForCausalLM", QWEN2),
            entry("MiniCPMForCausalLM", MiniCpm.family()),
            entry("MistralForCausalLM", Mistral.family()),
            entry("Olmo2ForCausalLM", Olmo2.family()),
            entry("OlmoForCausalLM", Olmo.family()),
            entry("OrionForCausalLM", Orion.family()),
            entry("Phi3ForCausalLM", Phi3.family()),
            entry("PhiForCausalLM", Phi.family()),
            entry("Qwen2ForCausalLM", QWEN2),
            entry("Qwen3ForCausalLM", Qwen3.family()),
            entry("QWenLMHeadModel", Qwen1.family()),
            entry("SeedOssForCausalLM", SeedOss.family()),
            entry("SkyworkForCausalLM", LLAMA),
            entry("SmolLM3ForCausalLM", SmolLm3.family()),
            entry("StableLmForCausalLM", StableLm.family()),
            entry("Starcoder2ForCausalLM", Starcoder2.family()),
            entry("TeleChat2ForCausalLM", TELE_CHAT),
            entry("TeleChatForCausalLM", TELE_CHAT),
            entry("TelechatForCausalLM", TELE_CHAT),
            entry("XverseForCausalLM", LLAMA),
            // Mixtures of experts, latent attention, hybrids.
            entry("BailingMoeForCausalLM", BailingMoe.family()),
            entry("BailingMoeV2ForCausalLM", BailingMoeV2.family()),
            entry("DbrxForCausalLM", Dbrx.family()),
            entry("DeepseekForCausalLM", Deepseek.family()),
            entry("DeepseekV2ForCausalLM", DeepseekV2.family()),
            entry("DeepseekV3ForCausalLM", DeepseekV3.family()),
            entry("Dots1ForCausalLM", Dots1.family()),
            entry("Ernie4_5_MoeForCausalLM", ErnieMoe.family()),
            entry("Glm4MoeForCausalLM", Glm4Moe.family()),
            entry("Glm4MoeLiteForCausalLM", DeepseekV3.glm()),
            entry("GptOssForCausalLM", GptOss.family()),
            entry("GraniteMoeForCausalLM", GraniteMoe.family()),
            entry("HunYuanMoEV1ForCausalLM", HunYuanMoe.family()),
            entry("HYV3ForCausalLM", HyV3.family()),
            entry("MiniCPM3ForCausalLM", MiniCpm3.family()),
            entry("MiniMaxM2ForCausalLM", MiniMaxM2.family()),
            entry("MixtralForCausalLM", Mixtral.family()),
            entry("OlmoeForCausalLM", Olmoe.family()),
            entry("PhiMoEForCausalLM", PHI_MOE),
            entry("PhimoeForCausalLM", PHI_MOE),
            entry("Qwen2MoeForCausalLM", Qwen2Moe.family()),
            entry("Qwen3MoeForCausalLM", Qwen3Moe.family()),
            entry("Qwen3NextForCausalLM", Qwen3Next.family()),
            entry("YoutuForCausalLM", Youtu.family()));

    private Families() {}

    public static Family of(String architecture) {
        return ALL.get(architecture);
    }

    public static Set<String> names() {
        return ALL.names();
    }
}
