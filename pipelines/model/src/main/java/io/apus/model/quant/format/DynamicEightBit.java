package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Block-wise eight-bit quantisation to the dynamic map of bitsandbytes: a sign, up to seven zeros as the exponent of ten, an indicator
 * bit and a linear fraction in the rest (Dettmers, 8-Bit Approximations for Parallelism in Deep Learning, 2016). Bit-exact with its
 * {@code quantize_blockwise}.
 *
 * @param codes uint8, shape of the matrix
 * @param absmax float32 [blocks]
 * @param table float32 [256], sorted
 * @param blockSize numbers per block
 */
public record DynamicEightBit(Tensor codes, Tensor absmax, Tensor table, long blockSize) {
    private static final int EXPONENTS = 7;
    private static final float[] SIGNED = signed();
    private static final NearestCode NEAREST = NearestCode.of(SIGNED);

    /** Quantises float32 numbers; the results lie in the caller's scope. */
    public static DynamicEightBit quantise(Tensor values, long blockSize) {
        try (Scope scope = Scope.open()) {
            Tensor blocks = Blocks.of(values, blockSize);
            Tensor absmax = Blocks.absmax(blocks);
            Tensor codes = NEAREST.encode(Blocks.scaled(blocks, absmax))
                    .view(-1)
                    .narrow(0, 0, values.numel())
                    .contiguous()
                    .view(Torch.shape(values));
            return new DynamicEightBit(
                    scope.keep(codes), scope.keep(absmax), scope.keep(Torch.floats(SIGNED)), blockSize);
        }
    }

    /** Float32, shape of the codes, in the caller's scope. */
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            Tensor values = ByteTable.values(codes.view(-1), table);
            return scope.keep(
                    Blocks.unscaled(values, absmax, blockSize, codes.numel()).view(Torch.shape(codes)));
        }
    }

    /** The map for signed numbers, made of the same float32 operations as the reference's {@code create_dynamic_map}. */
    private static float[] signed() {
        try (Scope scope = Scope.open()) {
            float[] all = new float[256];
            int at = 0;
            for (int exponent = 0; exponent < EXPONENTS; exponent++) {
                Tensor edges = torch.linspace(
                        new Scalar(0.1),
                        new Scalar(1.0),
                        (1 << exponent) + 1,
                        new TensorOptions(torch.ScalarType.Float));
                Tensor means = edges.narrow(0, 0, 1 << exponent)
                        .add(edges.narrow(0, 1, 1 << exponent))
                        .div(new Scalar(2.0));
                for (float mean : Torch.toFloats(means.mul(new Scalar(Double.parseDouble("1e" + (exponent - 6)))))) {
                    all[at++] = mean;
                    all[at++] = -mean;
                }
            }
            all[at++] = 0;
            all[at] = 1;
            Arrays.sort(all);
            return all;
        }
    }
}
