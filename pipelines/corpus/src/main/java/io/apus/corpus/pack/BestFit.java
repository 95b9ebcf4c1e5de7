package io.apus.corpus.pack;

import java.util.Arrays;

/**
 * Best-fit decreasing: samples from the longest to the shortest (equal lengths by position), each into the fullest row that still takes it
 * (the first opened of several), else into a new row. Rows come in the order in which they were opened.
 */
final class BestFit {
    private static final int NONE = -1;

    private final int[] lengths;
    private final int capacity;
    private final OpenRows open;
    private final int[] rowOf;
    private int rows;

    private BestFit(int[] lengths, int capacity) {
        this.lengths = lengths;
        this.capacity = capacity;
        this.open = new OpenRows(capacity);
        this.rowOf = new int[lengths.length];
    }

    static PackPlan plan(int[] lengths, int capacity) {
        BestFit fit = new BestFit(lengths, capacity);
        int[] order = byLengthDescending(lengths);
        for (int sample : order) {
            fit.place(sample);
        }
        return fit.collect(order);
    }

    private void place(int sample) {
        int length = lengths[sample];
        int room = length > capacity ? NONE : open.leastRoom(length);
        int row = room == NONE ? rows++ : open.take(room);
        int before = room == NONE ? capacity : room;
        rowOf[sample] = row;
        if (before > length) {
            open.put(before - length, row);
        }
    }

    private PackPlan collect(int[] order) {
        int[] starts = new int[rows + 1];
        for (int row : rowOf) {
            starts[row + 1]++;
        }
        for (int row = 0; row < rows; row++) {
            starts[row + 1] += starts[row];
        }
        int[] at = Arrays.copyOf(starts, rows);
        int[] members = new int[lengths.length];
        for (int sample : order) {
            members[at[rowOf[sample]]++] = sample;
        }
        return new PackPlan(members, starts);
    }

    /** Sorts (length, position) packed into longs, so that no boxed comparison is needed. */
    private static int[] byLengthDescending(int[] lengths) {
        long[] keys = new long[lengths.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ((long) (Integer.MAX_VALUE - lengths[i]) << 32) | i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }
}
