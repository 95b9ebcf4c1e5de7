package io.apus.bench.quant;

import static io.apus.schemas.Registry.entry;

import io.apus.bench.train.ModelSize;
import io.apus.model.ModelConfig;
import io.apus.schemas.Registry;
import java.util.function.Function;

/** Where a base of some size has its feed-forward weights: in one network, in experts as modules, or in experts in one tensor. */
final class BaseShape {
    private static final int EXPERTS = 16;

    private static final Registry<Function<ModelSize, ModelConfig>> ALL = Registry.of(
            "shape",
            entry("dense", ModelSize::config),
            entry("experts", size -> size.mixture(EXPERTS)),
            entry("bank", size -> size.bank(EXPERTS)));

    private BaseShape() {}

    static ModelConfig of(String name, String size) {
        return ALL.get(name).apply(ModelSize.named(size));
    }
}
