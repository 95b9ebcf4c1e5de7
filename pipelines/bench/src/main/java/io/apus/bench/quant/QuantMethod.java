package io.apus.bench.quant;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.spec.QuantiseSpec;

/**
 * One way to hold the base.
 *
 * @param spec how it is quantised on loading
 * @param stored whether the folder already holds it quantised (GPTQ of four bits)
 */
record QuantMethod(QuantiseSpec spec, boolean stored) {
    private static final Registry<QuantMethod> ALL = Registry.of(
            "quantisation",
            entry("f32", loading(null, null, null, null)),
            entry("int8", loading("bnb", 8, null, null)),
            entry("nf4", loading("bnb", 4, "nf4", false)),
            entry("nf4-double", loading("bnb", 4, "nf4", true)),
            entry("fp4", loading("bnb", 4, "fp4", false)),
            entry("hqq4", loading("hqq", 4, null, null)),
            entry("hqq2", loading("hqq", 2, null, null)),
            entry("gptq4", new QuantMethod(QuantiseSpec.none(), true)),
            entry("fp8", loading("fp8", null, null, null)),
            entry("eetq8", loading("eetq", 8, null, null)));

    private static QuantMethod loading(String method, Integer bits, String type, Boolean doubled) {
        return new QuantMethod(new QuantiseSpec(method, bits, null, null, type, doubled, null), false);
    }

    static QuantMethod named(String name) {
        return ALL.get(name);
    }
}
