package io.apus.model.family;

/** Qwen3 dense models (transformers {@code Qwen3ForCausalLM}): normalised queries and keys, head_dim apart from hidden_size. */
final class Qwen3 {
    private static final int DEFAULT_HEAD_DIM = 128;

    private Qwen3() {}

    static Family family() {
        return new Family(
                Family.flag("attention_bias"),
                Family.flag("attention_bias"),
                Family.always(false),
                true,
                DEFAULT_HEAD_DIM,
                Qwen2::window,
                WeightMap.standard());
    }
}
