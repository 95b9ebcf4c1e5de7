package io.apus.model.quant.format;

import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * MXFP4 (OCP Microscaling Formats, 2023) as gpt-oss stores its experts: {@code *_blocks}, uint8 [..., rows, blocks, 16], holds 32 four-bit
 * floats a block, the first of each byte in the low bits; {@code *_scales}, uint8 [..., rows, blocks], the exponents of two, plus 127.
 */
public final class Mxfp4 {
    private static final float[] VALUES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0.0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
    private static final int BYTES = 16;
    /** Numbers that share an exponent. */
    public static final long BLOCK = 2 * BYTES;

    private static final int BIAS = 127;

    private Mxfp4() {}

    /** Float32 [..., rows, blocks * 32], in the caller's scope. */
    public static Tensor dequantise(Tensor blocks, Tensor scales) {
        long[] shape = Torch.shape(blocks);
        boolean fits = shape.length >= 3
                && shape[shape.length - 1] == BYTES
                && Arrays.equals(Arrays.copyOf(shape, shape.length - 1), Torch.shape(scales))
                && DType.of(blocks) == DType.U8
                && DType.of(scales) == DType.U8;
        if (!fits) {
            throw new UserError(
                    "Cannot load MXFP4 weights",
                    "blocks " + Arrays.toString(shape) + " " + DType.of(blocks) + " and scales "
                            + Arrays.toString(Torch.shape(scales)) + " " + DType.of(scales) + " do not belong together",
                    "Blocks are uint8 [..., rows, blocks, 16], scales uint8 of that shape without the last size.");
        }
        try (Scope scope = Scope.open()) {
            Tensor values = ByteTable.pairs(blocks, Device.of(blocks).floats(VALUES), false);
            Tensor exponents = scales.to(torch.ScalarType.Float).sub(new Scalar((double) BIAS));
            values.view(-1, 2 * BYTES).mul_(exponents.exp2().view(-1, 1));
            long[] result = Arrays.copyOf(shape, shape.length - 1);
            result[result.length - 1] = shape[shape.length - 2] * 2 * BYTES;
            return scope.keep(values.view(result));
        }
    }
}
