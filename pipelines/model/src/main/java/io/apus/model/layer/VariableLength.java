package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Kernels;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * When attention of all segments of a batch runs as one flash kernel (Dao, 2023) over rows of any length, and how. Elsewhere each run of
 * equal segments is a call of scaled dot-product attention.
 */
final class VariableLength {
    private static final long LARGEST_HEAD = 256;

    private final Tensor starts;
    private final int longest;

    private VariableLength(Tensor starts, int longest) {
        this.starts = starts;
        this.longest = longest;
    }

    /** For segments of these lengths on {@code device}, in the caller's scope; null where no such kernel is. */
    static VariableLength of(int[] lengths, Device device) {
        if (!device.isCuda()) {
            return null;
        }
        long[] starts = new long[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            starts[i + 1] = starts[i] + lengths[i];
        }
        return new VariableLength(
                device.take(device.longs(starts), DType.I32),
                Arrays.stream(lengths).max().orElse(0));
    }

    /** What the kernel can do: 16-bit numbers, heads of one size that is a multiple of eight, and scores that nothing is done to. */
    static boolean takes(DType dtype, long keyDim, long valueDim, AttentionRule rule) {
        return (dtype == DType.BF16 || dtype == DType.F16)
                && keyDim == valueDim
                && keyDim % 8 == 0
                && keyDim <= LARGEST_HEAD
                && rule.isPlain();
    }

    static boolean takes(Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        DType dtype = DType.of(query);
        return dtype == DType.of(key) && dtype == DType.of(value) && takes(dtype, key.size(2), value.size(2), rule);
    }

    /** The same for a layer on {@code device}, in the caller's scope. */
    VariableLength on(Device device) {
        return Device.of(starts).equals(device) ? this : new VariableLength(device.take(starts), longest);
    }

    /** Shapes as {@link SegmentRuns#attend}. */
    Tensor attend(Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        Tensor result = Kernels.packedAttention(query, key, value, starts, longest, rule.window(), rule.scale());
        return result.reshape(query.size(0), query.size(1) * value.size(2));
    }
}
