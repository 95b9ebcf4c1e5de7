package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Finds the nearest of a few values, as {@code argmin(|x - codes|)} in float32 does, with one binary search a number.
 *
 * <p>The edges between neighbours are the exact floats at which that rounded comparison changes, so the answers agree to the bit, ties
 * included; the first of equally near codes wins.
 */
final class NearestCode {
    private final float[] edges;
    private final float[] numbers;
    private final float first;

    private NearestCode(float[] edges, float[] numbers, float first) {
        this.edges = edges;
        this.numbers = numbers;
        this.first = first;
    }

    /** {@code codes} in any order; the answer is an index into it. */
    static NearestCode of(float... codes) {
        List<Integer> sorted = new ArrayList<>(IntStream.range(0, codes.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> codes[i] + 0.0f)
                        .thenComparingInt(i -> i))
                .toList());
        for (int i = sorted.size() - 1; i > 0; i--) {
            if (codes[sorted.get(i)] == codes[sorted.get(i - 1)]) {
                sorted.remove(i);
            }
        }
        float[] edges = new float[sorted.size() - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = edge(codes, sorted.get(i), sorted.get(i + 1));
        }
        float[] numbers = new float[sorted.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = sorted.get(i);
        }
        return new NearestCode(edges, numbers, codes[0]);
    }

    /** The largest float that still goes to {@code low}: bisection over the floats' order. */
    private static float edge(float[] codes, int low, int high) {
        int near = order(codes[low]);
        int far = order(codes[high]);
        while (far - near > 1) {
            int middle = near + (far - near) / 2;
            float x = unorder(middle);
            float toLow = Math.abs(x - codes[low]);
            float toHigh = Math.abs(x - codes[high]);
            if (toLow < toHigh || (toLow == toHigh && low < high)) {
                near = middle;
            } else {
                far = middle;
            }
        }
        return unorder(near);
    }

    /** Floats as integers in the same order; those between -1 and 1 never overflow a difference. */
    private static int order(float value) {
        int bits = Float.floatToIntBits(value + 0.0f);
        return bits >= 0 ? bits : Integer.MIN_VALUE - bits;
    }

    private static float unorder(int order) {
        return Float.intBitsToFloat(order >= 0 ? order : Integer.MIN_VALUE - order);
    }

    /** The index of the code nearest to each number, uint8, same shape, in the caller's scope; not-a-number gives 0. */
    Tensor encode(Tensor values) {
        try (Scope scope = Scope.open()) {
            Tensor known = torch.where(values.isnan(), new Scalar(first), values);
            Tensor places = torch.bucketize(known, Torch.floats(edges), true, false);
            Tensor indices = Torch.floats(numbers).to(torch.ScalarType.Byte).index_select(0, places.view(-1));
            return scope.keep(indices.view(Torch.shape(values)));
        }
    }
}
