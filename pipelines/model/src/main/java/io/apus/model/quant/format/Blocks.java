package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A matrix's numbers in row-major order, cut into blocks that have one absolute maximum each; the last block may be shorter. */
final class Blocks {
    private Blocks() {}

    static long count(long numbers, long size) {
        return (numbers + size - 1) / size;
    }

    /** [blocks, size], zeros after the last number. */
    static Tensor of(Tensor matrix, long size) {
        try (Scope scope = Scope.open()) {
            Tensor flat = matrix.contiguous().view(-1);
            long missing = count(flat.numel(), size) * size - flat.numel();
            Tensor padded = missing == 0 ? flat : torch.constant_pad_nd(flat, new long[] {0, missing}, new Scalar(0.0));
            return scope.keep(padded.view(-1, size));
        }
    }

    /** Largest magnitude of each block, float32 [blocks]. */
    static Tensor absmax(Tensor blocks) {
        try (Scope scope = Scope.open()) {
            return scope.keep(blocks.abs().amax(new long[] {1}, false));
        }
    }

    /** Each block times the reciprocal of its maximum, within -1 and 1. */
    static Tensor scaled(Tensor blocks, Tensor absmax) {
        try (Scope scope = Scope.open()) {
            Tensor inverse = absmax.reciprocal().unsqueeze(1);
            return scope.keep(clamped(blocks.mul(inverse), -1, 1));
        }
    }

    /** The first {@code numbers} of {@code values} with each block of {@code size} times its scale; changes {@code values}. */
    static Tensor unscaled(Tensor values, Tensor scales, long size, long numbers) {
        try (Scope scope = Scope.open()) {
            long whole = numbers / size * size;
            if (whole > 0) {
                values.narrow(0, 0, whole)
                        .view(-1, size)
                        .mul_(scales.narrow(0, 0, whole / size).unsqueeze(1));
            }
            if (whole < numbers) {
                values.narrow(0, whole, numbers - whole).mul_(scales.narrow(0, whole / size, 1));
            }
            return scope.keep(values.narrow(0, 0, numbers));
        }
    }

    /** {@code values} itself, with every number moved between the bounds. */
    static Tensor clamped(Tensor values, double low, double high) {
        values.clamp_(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
        return values;
    }
}
