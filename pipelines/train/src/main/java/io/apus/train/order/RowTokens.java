package io.apus.train.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows laid one after the other.
 *
 * @param inputIds token ids, length N
 * @param lossWeights weight of each token as a target, length N
 * @param segmentLengths tokens of each sample; they sum to N
 */
@SuppressWarnings("ArrayRecordComponent") // tokens go to tensors as arrays and are compared by nobody
public record RowTokens(long[] inputIds, float[] lossWeights, int[] segmentLengths) {
    private static final int FEW = 8;

    /** At most the first {@code count} tokens. */
    public RowTokens first(int count) {
        int length = Math.min(count, inputIds.length);
        List<Integer> segments = new ArrayList<>();
        int left = length;
        for (int segment : segmentLengths) {
            if (left > 0) {
                segments.add(Math.min(segment, left));
                left -= segment;
            }
        }
        return new RowTokens(
                Arrays.copyOf(inputIds, length),
                Arrays.copyOf(lossWeights, length),
                segments.stream().mapToInt(Integer::intValue).toArray());
    }

    /** A few of the tokens, none of which counts. */
    public RowTokens unweighted() {
        RowTokens few = first(FEW);
        return new RowTokens(few.inputIds(), new float[few.inputIds().length], few.segmentLengths());
    }

    /** {@code parts} one after the other. */
    public static RowTokens join(List<RowTokens> parts) {
        int length = parts.stream().mapToInt(RowTokens::length).sum();
        float[] weights = new float[length];
        int at = 0;
        for (RowTokens part : parts) {
            System.arraycopy(part.lossWeights(), 0, weights, at, part.length());
            at += part.length();
        }
        return new RowTokens(
                parts.stream()
                        .flatMapToLong(part -> Arrays.stream(part.inputIds()))
                        .toArray(),
                weights,
                parts.stream()
                        .flatMapToInt(part -> Arrays.stream(part.segmentLengths()))
                        .toArray());
    }

    public int length() {
        return inputIds.length;
    }
}
