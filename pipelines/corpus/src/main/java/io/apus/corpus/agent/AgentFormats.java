package io.apus.corpus.agent;

import io.apus.schemas.Registry;
import io.apus.schemas.Registry.Entry;
import java.util.Set;

/**
 * The tool-calling formats by the names of ms-swift's {@code agent_template}. What a model must read byte for byte, the introductions, is
 * in {@code prompts.json}.
 */
public final class AgentFormats {
    private static final JsonTags HERMES = new JsonTags("\n", "\n");

    private static final Registry<AgentFormat> ALL = Registry.of(
            "agent_template",
            entry("react_en", Keywords.REACT),
            entry("react_zh", Keywords.REACT),
            entry("react_grpo", Keywords.REACT),
            entry("toolbench", Keywords.REACT),
            entry("qwen_en", Keywords.QWEN),
            entry("qwen_zh", Keywords.QWEN),
            entry("qwen_en_parallel", Keywords.QWEN),
            entry("qwen_zh_parallel", Keywords.QWEN),
            entry("hermes", HERMES),
            entry("hunyuan_hermes", new HunyuanTags()),
            entry("youtu", new JsonTags("", "")),
            entry("qwen3_coder", new FunctionTags(true)),
            entry("qwen3_5", new FunctionTags(false)),
            entry("seed_oss", new SeedTags()),
            entry("minicpm5", new ParamTags()),
            entry("minimax_m2", new InvokeTags()),
            entry("minimax_m3", new SpacedTags()),
            entry("chatglm4", new NameLine()),
            entry("glm4", new NameLine()),
            entry("glm4_5", new ArgumentTags(true)),
            entry("glm4_7", new ArgumentTags(false)),
            entry("glm5_1", new ArgumentTags(false)),
            entry("hy_v3_preview", new HunyuanV3Tags("")),
            entry("hy_v3", new HunyuanV3Tags(":opensource")),
            entry("llama3", LlamaJson.LLAMA3),
            Registry.entry("llama4", new AgentFormat(IntroductionTexts.get("llama3"), LlamaJson.LLAMA4)),
            entry("mistral", new MistralCalls()),
            entry("deepseek_v3_1", new DeepSeekTokens()),
            entry("deepseek_v4", new DeepSeekMarkup()),
            entry("kimi_k25", new KimiTokens()),
            entry("kimi_k3", new KimiElements()),
            entry("gemma4", new GemmaTokens()));

    private AgentFormats() {}

    private static Entry<AgentFormat> entry(String name, CallSyntax syntax) {
        return Registry.entry(name, new AgentFormat(IntroductionTexts.get(name), syntax));
    }

    public static Set<String> names() {
        return ALL.names();
    }

    /** The format; an unknown name is a {@link io.apus.schemas.UserError} with the nearest one. */
    public static AgentFormat get(String name) {
        return ALL.get(name);
    }
}
