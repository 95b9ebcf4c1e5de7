package io.apus.corpus.pack;

import java.util.Arrays;

/** Sequential packing: a row is closed when the next sample does not fit. Rows and samples keep their order. */
final class NextFit {
    private NextFit() {}

    /** With a capacity of 0 every sample has its own row. */
    static PackPlan plan(int[] lengths, int capacity) {
        int[] members = new int[lengths.length];
        int[] starts = new int[lengths.length + 1];
        int rows = 0;
        long used = 0;
        for (int i = 0; i < lengths.length; i++) {
            members[i] = i;
            if (i == 0 || used + lengths[i] > capacity) {
                starts[rows++] = i;
                used = 0;
            }
            used += lengths[i];
        }
        starts[rows] = lengths.length;
        return new PackPlan(members, Arrays.copyOf(starts, rows + 1));
    }
}
