package io.apus.corpus.pack;

import java.util.Arrays;

/** Which samples share a row. Samples are named by their position in the list that was planned. */
public final class PackPlan {
    private final int[] members;
    private final int[] starts;

    /**
     * Takes over both arrays.
     *
     * @param members positions of samples, row after row, length N
     * @param starts where each row begins in {@code members}, and N at the end, length rows + 1
     */
    PackPlan(int[] members, int[] starts) {
        this.members = members;
        this.starts = starts;
    }

    /** How many rows there are. */
    public int rows() {
        return starts.length - 1;
    }

    /** How many samples there are, in all rows together. */
    public int samples() {
        return members.length;
    }

    /** The samples of a row, in the order in which they stand in it. */
    public int[] row(int row) {
        return Arrays.copyOfRange(members, starts[row], starts[row + 1]);
    }

    /** For every sample the row that it is in, length N. */
    public int[] rowOf() {
        int[] rows = new int[members.length];
        for (int row = 0; row < rows(); row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                rows[members[i]] = row;
            }
        }
        return rows;
    }

    /** For every sample its place in its row, from 0, length N. */
    public int[] slotOf() {
        int[] slots = new int[members.length];
        for (int row = 0; row < rows(); row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                slots[members[i]] = i - starts[row];
            }
        }
        return slots;
    }

    /** The same rows in another order: row {@code order[i]} becomes row {@code i}. */
    PackPlan reordered(int[] order) {
        int[] moved = new int[members.length];
        int[] begins = new int[starts.length];
        for (int row = 0; row < order.length; row++) {
            int from = starts[order[row]];
            int count = starts[order[row] + 1] - from;
            System.arraycopy(members, from, moved, begins[row], count);
            begins[row + 1] = begins[row] + count;
        }
        return new PackPlan(moved, begins);
    }
}
