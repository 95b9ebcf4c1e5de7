package io.apus.model.family;

/** Llama 2 and 3 (transformers {@code LlamaForCausalLM}): biases only where the config asks for them. */
final class Llama {
    private Llama() {}

    static Family family() {
        return new Family(
                Family.flag("attention_bias"),
                Family.flag("attention_bias"),
                Family.flag("mlp_bias"),
                false,
                0,
                Family.WindowRule.none(),
                WeightMap.standard());
    }
}
