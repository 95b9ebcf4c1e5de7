package io.apus.model.quant.format;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * EETQ: int8 by outputs, in the order that FasterTransformer's mixed matrix products want on compute capability 7.5 to 8.x: inputs
 * permuted in groups of 16, columns of 64 inputs interleaved by two, 128 added, and the middle two bytes of every four exchanged
 * (NetEase-FuXi/EETQ csrc/cutlass_kernels/cutlass_preprocessors.cc). Here the numbers are kept in plain order.
 */
public final class Eetq {
    private static final String SCALES = "weight_scales";
    private static final int TILE = 64;
    private static final int GROUP = 16;
    private static final int RANGE = 128;

    private Eetq() {}

    /** Reads {@code weight}, int8 [inFeatures, outFeatures] in EETQ's order, and {@code weight_scales} [outFeatures]. */
    public static ScaledWeight read(StoredLinear linear) {
        long in = linear.inFeatures();
        long out = linear.outFeatures();
        linear.require(
                in % TILE == 0 && out % TILE == 0,
                "weight",
                "has EETQ's order only where both sizes are multiples of 64, the linear is [" + out + ", " + in + "]");
        Tensor stored = linear.tensor("weight", DType.I8, in, out);
        Tensor scales = linear.tensor(SCALES, StoredLinear.FLOATS, out);
        return new ScaledWeight(SCALES, plain(stored, out, in), scales, 1, in, 1);
    }

    /** Int8 [outFeatures, inFeatures] in plain order. */
    private static Tensor plain(Tensor stored, long out, long in) {
        try (Scope scope = Scope.open()) {
            Tensor fours = stored.view(-1, 4).index_select(1, Torch.longs(0, 2, 1, 3));
            Tensor columns = fours.view(out / 2, in / TILE, 2, TILE).permute(0, 2, 1, 3);
            long[] places = new long[GROUP];
            for (int i = 0; i < GROUP; i++) {
                places[8 * (i % 4 / 2) + i % 2 + 2 * (i / 4)] = i;
            }
            Tensor ordered = columns.reshape(out, in / GROUP, GROUP).index_select(2, Torch.longs(places));
            // 128 was added modulo 256: the highest bit is the other way round.
            Tensor bytes = ordered.view(torch.ScalarType.Byte).bitwise_xor(new Scalar(RANGE));
            return scope.keep(bytes.view(torch.ScalarType.Char).view(out, in));
        }
    }

    /** Quantises a float32 matrix: each output's largest magnitude becomes 128, cut off at 127. */
    public static ScaledWeight quantise(Tensor matrix) {
        try (Scope scope = Scope.open()) {
            Tensor scales = matrix.abs().amax(new long[] {1}, false).div(new Scalar((double) RANGE));
            Tensor steps = torch.where(scales.eq(new Scalar(0.0)), torch.ones_like(scales), scales);
            Tensor numbers = Blocks.clamped(matrix.div(steps.unsqueeze(1)).round(), -RANGE, RANGE - 1)
                    .to(torch.ScalarType.Char);
            Tensor halves = scales.to(torch.ScalarType.Half);
            return new ScaledWeight(SCALES, scope.keep(numbers), scope.keep(halves), 1, matrix.size(1), 1);
        }
    }
}
