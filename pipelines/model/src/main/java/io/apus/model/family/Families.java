package io.apus.model.family;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/** The families that can be loaded, by the name that config.json gives under architectures. */
public final class Families {
    private static final Registry<Family> ALL = Registry.of(
            "architecture",
            entry("LlamaForCausalLM", Llama.family()),
            entry("MistralForCausalLM", Mistral.family()),
            entry("Qwen2ForCausalLM", Qwen2.family()),
            entry("Qwen3ForCausalLM", Qwen3.family()),
            // Mixtures of experts, latent attention, hybrids.
            entry("MixtralForCausalLM", Mixtral.family()),
            entry("OlmoeForCausalLM", Olmoe.family()),
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
