package io.apus.model.quant.format;

import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** The two four-bit types of bitsandbytes; their tables as its {@code get_4bit_type} gives them. */
public enum FourBitType {
    /** Quantiles of a normal distribution (Dettmers et al., QLoRA, 2023). */
    NF4(
            "nf4",
            -1.0f,
            -0.6961928009986877f,
            -0.5250730514526367f,
            -0.39491748809814453f,
            -0.28444138169288635f,
            -0.18477343022823334f,
            -0.09105003625154495f,
            0.0f,
            0.07958029955625534f,
            0.16093020141124725f,
            0.24611230194568634f,
            0.33791524171829224f,
            0.44070982933044434f,
            0.5626170039176941f,
            0.7229568362236023f,
            1.0f),
    /** A sign, two bits of exponent and one of fraction, scaled to a largest value of 1. */
    FP4(
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

    private final String label;
    private final float[] codes;
    private final NearestCode nearest;

    FourBitType(String label, float... codes) {
        this.label = label;
        this.codes = codes;
        this.nearest = NearestCode.of(codes);
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
