package io.apus.model.quant;

import static io.apus.schemas.Registry.entry;

import io.apus.model.quant.format.Eetq;
import io.apus.model.quant.format.FourBitType;
import io.apus.model.quant.format.FourBitWeight;
import io.apus.model.quant.format.HqqWeight;
import io.apus.model.quant.format.QuantisedWeight;
import io.apus.model.quant.format.ScaledWeight;
import io.apus.schemas.Registry;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.DType;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** The ways to quantise a model while it is loaded, by their names under quant_method. */
public final class Quantisers {
    private static final Quantiser.Block SQUARE = new Quantiser.Block(ScaledWeight.BLOCK, ScaledWeight.BLOCK);

    private static final Registry<Function<QuantiseSpec, Quantiser>> ALL = Registry.of(
            "quant_method",
            entry("bnb", Quantisers::bitsAndBytes),
            entry("hqq", Quantisers::hqq),
            entry("eetq", spec -> plain("eetq int8", Optional.of(Quantiser.Block.ROW), Eetq::quantise)),
            entry("fp8", spec -> plain("fp8", Optional.of(SQUARE), ScaledWeight::fp8)));

    private Quantisers() {}

    public static Set<String> names() {
        return ALL.names();
    }

    /** Empty where nothing is to be quantised. */
    public static Optional<Quantiser> of(QuantiseSpec spec) {
        return Optional.ofNullable(spec.quantMethod())
                .map(method -> ALL.get(method).apply(spec));
    }

    private static Quantiser plain(
            String name, Optional<Quantiser.Block> block, Function<Tensor, QuantisedWeight> method) {
        return new Quantiser(name, DType.F32, block, method);
    }

    private static Quantiser bitsAndBytes(QuantiseSpec spec) {
        if (spec.quantBits() == 8) {
            return plain("bnb int8", Optional.of(Quantiser.Block.ROW), ScaledWeight::int8);
        }
        FourBitType type = FourBitType.named(spec.bnb4bitQuantType());
        boolean doubled = spec.bnb4bitUseDoubleQuant();
        return new Quantiser(
                "bnb " + type.label() + (doubled ? ", double quantisation" : ""),
                precision(spec),
                Optional.of(new Quantiser.Block(1, FourBitWeight.BLOCK)),
                matrix -> FourBitWeight.quantise(matrix, type, FourBitWeight.BLOCK, doubled));
    }

    private static DType precision(QuantiseSpec spec) {
        String dtype = spec.bnb4bitComputeDtype() == null ? "float32" : spec.bnb4bitComputeDtype();
        return switch (dtype) {
            case "bfloat16" -> DType.BF16;
            case "float16" -> DType.F16;
            default -> DType.F32;
        };
    }

    private static Quantiser hqq(QuantiseSpec spec) {
        int axis = spec.hqqAxis() == null ? 1 : spec.hqqAxis();
        return plain(
                "hqq " + spec.quantBits() + " bits",
                axis == 1 ? Optional.of(new Quantiser.Block(1, HqqWeight.GROUP)) : Optional.empty(),
                matrix -> HqqWeight.quantise(matrix, spec.quantBits(), HqqWeight.GROUP, axis));
    }
}
