package io.apus.model.family;

import io.apus.model.layer.Decoder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One kind of decoder: how its config.json is read, and how it is put together.
 *
 * @param aliases what config.json calls the keys of {@link Dimensions} in this family, where it differs: {@code hidden_size -> n_embd}
 * @param defaults values that this family's class in transformers assumes for keys that config.json leaves out
 * @param ignored regular expressions for whole names of tensors that files hold and the decoder does not need; {@code {layers}} in one
 *     stands for the number of layers
 * @param build asks a blueprint for the parts, the same ones whether they are loaded or only described
 */
public record Family(
        Map<String, String> aliases,
        Map<String, Object> defaults,
        List<String> ignored,
        Function<Blueprint, Decoder> build) {

    /** A buffer that older versions of transformers stored with every rotary model. */
    private static final String ANGLES = ".*rotary_emb\\.inv_freq";

    static Family of(Function<Blueprint, Decoder> build) {
        return new Family(Map.of(), Map.of(), List.of(), build);
    }

    Family naming(Map<String, String> keys) {
        return new Family(keys, defaults, ignored, build);
    }

    Family assuming(Map<String, Object> values) {
        return new Family(aliases, values, ignored, build);
    }

    Family ignoring(String... names) {
        return new Family(aliases, defaults, List.of(names), build);
    }

    /** Whether a tensor of that name may be in a file without being loaded. */
    public boolean ignores(String name, int layers) {
        return name.matches(ANGLES)
                || ignored.stream()
                        .anyMatch(regex -> name.matches(regex.replace("{layers}", Integer.toString(layers))));
    }
}
