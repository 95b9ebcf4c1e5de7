package io.apus.model.quant.format;

import io.apus.schemas.Registry;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** The two four-bit types of bitsandbytes; their tables as its {@code get_4bit_type} gives them. */
public final class FourBitType {
    /** Quantiles of a normal distribution (Dettmers et al., QLoRA, 2023). */
    public static final FourBitType NF4 = new FourBitType(
            "nf4",
            -1f,
            -0.6961928f,
            -0.52507305f,
            -0.3949175f,
            -0.28444138f,
            -0.18477343f,
            -0.091050036f,
            0f,
            0.0795803f,
            0.1609302f,
            0.2461123f,
            0.33791524f,
            0.44070983f,
            0.562617f,
            0.72295684f,
            1f);

    /** A sign, two bits of exponent and one of fraction, scaled to a largest value of 1. */
    public static final FourBitType FP4 = new FourBitType(
            "fp4",
            0.0f,
            0.0625f / 12,
            8.0f / 12,
            1.0f,
            4.0f / 12,
            6.0f / 12,
            2.0f / 12,
            3.0f / 12,
            -0.0f,
            -0.0625f / 12,
            -8.0f / 12,
            -1.0f,
            -4.0f / 12,
            -6.0f / 12,
            -2.0f / 12,
            -3.0f / 12);

    private static final Registry<FourBitType> ALL =
            Registry.of("bnb_4bit_quant_type", Registry.entry(NF4.label, NF4), Registry.entry(FP4.label, FP4));

    private final String label;
    private final float[] codes;
    private final NearestCode nearest;

    private FourBitType(String label, float... codes) {
        this.label = label;
        this.codes = codes;
        this.nearest = NearestCode.of(codes);
    }

    /** The type that configurations and files call {@code label}. */
    public static FourBitType named(String label) {
        return ALL.get(label);
    }

    /** {@code nf4} or {@code fp4}, as configurations and files spell it. */
    public String label() {
        return label;
    }

    /** The value of each code, float32 [16]. */
    Tensor table() {
        return Torch.floats(codes);
    }

    NearestCode nearest() {
        return nearest;
    }
}
