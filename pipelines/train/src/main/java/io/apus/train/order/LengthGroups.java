package io.apus.train.order;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Brings rows of about the same length together without giving up the shuffle: the order is cut into groups of up to 50 batches, each
 * sorted by length, longest first. The longest row of all stands first, so that memory that does not suffice shows in the first step.
 * As transformers' LengthGroupedSampler (trainer_pt_utils.py), on the order that the seed decides.
 */
final class LengthGroups {
    private static final int MOST_BATCHES = 50;
    /** A small data set keeps at least this many groups. */
    private static final int FEWEST_GROUPS = 4;

    private LengthGroups() {}

    /** A new order of the same rows; rows of equal length keep theirs within a group. */
    static int[] of(int[] order, IntUnaryOperator length, int batch) {
        int batches = Math.max(1, Math.min(MOST_BATCHES, order.length / (batch * FEWEST_GROUPS)));
        int group = batches * batch;
        int[] grouped = new int[order.length];
        int longest = 0;
        for (int from = 0; from < order.length; from += group) {
            int[] sorted = Arrays.stream(order, from, Math.min(order.length, from + group))
                    .boxed()
                    .sorted((a, b) -> Integer.compare(length.applyAsInt(b), length.applyAsInt(a)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            System.arraycopy(sorted, 0, grouped, from, sorted.length);
            longest = length.applyAsInt(sorted[0]) > length.applyAsInt(grouped[longest]) ? from : longest;
        }
        if (grouped.length > 0) {
            int first = grouped[0];
            grouped[0] = grouped[longest];
            grouped[longest] = first;
        }
        return grouped;
    }
}
