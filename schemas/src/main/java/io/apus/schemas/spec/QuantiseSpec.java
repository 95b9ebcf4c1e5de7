package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** How a model of floats is quantised while it is loaded. Models that are stored quantised need nothing of this. */
@Group
public record QuantiseSpec(
        @Doc("quantise the layers' linears and experts on loading: bnb, hqq, eetq or fp8") String quantMethod,
        @Doc("bits of a number: bnb 4 or 8; hqq 1, 2, 3, 4 or 8; eetq 8; fp8 none") Integer quantBits,
        @Doc("hqq groups along inputs (1) or outputs (0); 1 when not given") Integer hqqAxis,
        @Doc(
                        value =
                                "type that four-bit weights are rounded to when they are dequantised; float32, which rounds nothing, when not given",
                        name = "bnb_4bit_compute_dtype")
                String bnb4bitComputeDtype,
        @Doc(value = "four-bit type: nf4 or fp4", name = "bnb_4bit_quant_type") String bnb4bitQuantType,
        @Doc(value = "quantise the scales of four-bit blocks too", name = "bnb_4bit_use_double_quant")
                Boolean bnb4bitUseDoubleQuant,
        @Doc(value = "type of the bytes that hold four-bit weights: uint8", name = "bnb_4bit_quant_storage")
                String bnb4bitQuantStorage)
        implements Serializable {
    private static final String NF4 = "nf4";
    private static final Map<String, List<Integer>> BITS =
            Map.of("bnb", List.of(4, 8), "hqq", List.of(1, 2, 3, 4, 8), "eetq", List.of(8), "fp8", List.of(8));
    private static final List<String> METHODS = List.of("bnb", "hqq", "eetq", "fp8");

    public QuantiseSpec {
        bnb4bitQuantType = orElse(bnb4bitQuantType, NF4);
        bnb4bitUseDoubleQuant = orElse(bnb4bitUseDoubleQuant, true);
        Problems problems = new Problems("model")
                .oneOf("bnb_4bit_quant_type", bnb4bitQuantType, List.of(NF4, "fp4"))
                .oneOfIfGiven("bnb_4bit_quant_storage", bnb4bitQuantStorage, List.of("uint8"))
                .oneOfIfGiven("bnb_4bit_compute_dtype", bnb4bitComputeDtype, List.of("float32", "bfloat16", "float16"))
                .require(
                        hqqAxis == null || ("hqq".equals(quantMethod) && (hqqAxis == 0 || hqqAxis == 1)),
                        "hqq_axis",
                        "must be 0 or 1 and needs quant_method hqq");
        bits(problems, quantMethod, quantBits);
        if (!isFourBit(quantMethod, quantBits)) {
            // A default is what other records hand on; it asks for nothing.
            unused(problems, "bnb_4bit_quant_type", !bnb4bitQuantType.equals(NF4));
            unused(problems, "bnb_4bit_use_double_quant", !bnb4bitUseDoubleQuant);
            unused(problems, "bnb_4bit_compute_dtype", bnb4bitComputeDtype != null);
            unused(problems, "bnb_4bit_quant_storage", bnb4bitQuantStorage != null);
        }
        problems.throwIfAny();
    }

    private static void bits(Problems problems, String method, Integer bits) {
        if (method == null) {
            problems.require(bits == null, "quant_bits", "needs a quant_method: " + String.join(", ", METHODS));
            return;
        }
        problems.oneOf("quant_method", method, METHODS);
        if (BITS.containsKey(method)) {
            List<Integer> known = BITS.get(method);
            problems.require(
                    bits == null ? method.equals("fp8") : known.contains(bits),
                    "quant_bits",
                    "must be one of " + known + " for " + method + ", is " + bits);
        }
    }

    private static void unused(Problems problems, String option, boolean given) {
        problems.require(
                !given, option, "does nothing without quant_method bnb and quant_bits 4; give both or leave it out");
    }

    private static boolean isFourBit(String method, Integer bits) {
        return "bnb".equals(method) && Integer.valueOf(4).equals(bits);
    }

    /** Nothing is quantised. */
    public static QuantiseSpec none() {
        return new QuantiseSpec(null, null, null, null, null, null, null);
    }
}
