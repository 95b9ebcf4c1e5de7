package io.apus.model.family;

import io.apus.model.layer.Decoder;
import java.util.Map;
import java.util.function.Function;

/**
 * One kind of decoder: how its config.json is read, and how it is put together.
 *
 * @param aliases what config.json calls the keys of {@link Dimensions} in this family, where it differs: {@code hidden_size -> n_embd}
 * @param defaults values that this family's class in transformers assumes for keys that config.json leaves out
 * @param build asks a blueprint for the parts, the same ones whether they are loaded or only described
 */
public record Family(Map<String, String> aliases, Map<String, Object> defaults, Function<Blueprint, Decoder> build) {

    static Family of(Function<Blueprint, Decoder> build) {
        return new Family(Map.of(), Map.of(), build);
    }

    Family naming(Map<String, String> keys) {
        return new Family(keys, defaults, build);
    }

    Family assuming(Map<String, Object> values) {
        return new Family(aliases, values, build);
    }
}
