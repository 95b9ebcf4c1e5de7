package io.apus.model.family;

/** Mistral 7B and its kin (transformers {@code MistralForCausalLM}): no biases; one window for all layers. */
final class Mistral {
    /** What transformers assumes where config.json has no sliding_window at all; null there means no window. */
    private static final int DEFAULT_WINDOW = 4096;

    private Mistral() {}

    static Family family() {
        return new Family(
                Family.always(false),
                Family.always(false),
                Family.always(false),
                false,
                0,
                Mistral::window,
                WeightMap.standard());
    }

    private static int window(ConfigFields fields, int layer) {
        boolean none = fields.node("sliding_window").isNull();
        return none ? 0 : fields.positive("sliding_window", DEFAULT_WINDOW);
    }
}
