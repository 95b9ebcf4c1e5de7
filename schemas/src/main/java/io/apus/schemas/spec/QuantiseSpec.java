package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;
import java.util.Map;

/** How a model of floats is quantised while it is loaded. Models that are stored quantised need nothing of this. */
@Group
public record QuantiseSpec(
        @Doc("quantise the layers' linears on loading: bnb, hqq, eetq or fp8") String quantMethod,
        @Doc("bits of a number: bnb 4 or 8; hqq 1, 2, 3, 4 or 8; eetq 8; fp8 none") Integer quantBits,
        @Doc("hqq groups along inputs (1) or outputs (0); 1 when not given") Integer hqqAxis,
        @Doc(
                        value = "type that four-bit weights are rounded to when they are dequantised; float32, which rounds nothing, when not given",
                        name = "bnb_4bit_compute_dtype")
                String bnb4bitComputeDtype,
        @Doc(value = "four-bit type: nf4 or fp4", name = "bnb_4bit_quant_type") String bnb4bitQuantType,
        @Doc(value = "quantise the scales of four-bit blocks too", name = "bnb_4bit_use_double_quant")
                Boolean bnb4bitUseDoubleQuant,
        @Doc(value = "type of the bytes that hold four-bit weights: uint8", name = "bnb_4bit_quant_storage")
                String bnb4bitQuantStorage) {
    private static final Map<String, List<Integer>> BITS =
            Map.of("bnb", List.of(4, 8), "hqq", List.of(1, 2, 3, 4, 8), "eetq", List.of(8), "fp8", List.of(8));
    private static final List<String> METHODS = List.of("bnb", "hqq", "eetq", "fp8");

    public QuantiseSpec {
        bnb4bitQuantType = orElse(bnb4bitQuantType, "nf4");
        bnb4bitUseDoubleQuant = orElse(bnb4bitUseDoubleQuant, true);
        Problems problems = new Problems("model")
                .oneOf("bnb_4bit_quant_type", bnb4bitQuantType, List.of("nf4", "fp4"))
                .oneOf("bnb_4bit_quant_storage", orElse(bnb4bitQuantStorage, "uint8"), List.of("uint8"))
                .oneOf(
                        "bnb_4bit_compute_dtype",
                        orElse(bnb4bitComputeDtype, "float32"),
                        List.of("float32", "bfloat16", "float16"))
                .require(
                        hqqAxis == null || ("hqq".equals(quantMethod) && (hqqAxis == 0 || hqqAxis == 1)),
                        "hqq_axis",
                        "must be 0 or 1 and needs quant_method hqq")
                .require(
                        bnb4bitComputeDtype == null || "bnb".equals(quantMethod),
                        "bnb_4bit_compute_dtype",
                        "needs quant_method bnb");
        if (quantMethod == null) {
            problems.require(quantBits == null, "quant_bits", "needs a quant_method: " + String.join(", ", METHODS));
        } else {
            problems.oneOf("quant_method", quantMethod, METHODS);
            if (BITS.containsKey(quantMethod)) {
                List<Integer> known = BITS.get(quantMethod);
                problems.require(
                        quantBits == null ? quantMethod.equals("fp8") : known.contains(quantBits),
                        "quant_bits",
                        "must be one of " + known + " for " + quantMethod + ", is " + quantBits);
            }
        }
        problems.throwIfAny();
    }

    /** Nothing is quantised. */
    public static QuantiseSpec none() {
        return new QuantiseSpec(null, null, null, null, null, null, null);
    }
}
