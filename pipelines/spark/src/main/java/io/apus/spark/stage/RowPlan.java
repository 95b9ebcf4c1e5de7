package io.apus.spark.stage;

import io.apus.corpus.pack.PackPlan;
import io.apus.shards.ShardWriter;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Where every sample of a split goes: its row, its place in the row, and the shard of each row. Sent to all executors, 8 bytes a
 * sample.
 */
final class RowPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] rowOf;
    private final int[] slotOf;
    private final int[] firstRows;

    private RowPlan(int[] rowOf, int[] slotOf, int[] firstRows) {
        this.rowOf = rowOf;
        this.slotOf = slotOf;
        this.firstRows = firstRows;
    }

    /** @param lengths tokens of each sample, in the order of the samples' keys */
    static RowPlan of(PackPlan plan, int[] lengths, long shardTokens) {
        int[] firstRows = new int[plan.rows()];
        int shards = 0;
        long tokens = 0;
        boolean begins = true;
        for (int row = 0; row < plan.rows(); row++) {
            if (begins) {
                firstRows[shards++] = row;
                tokens = 0;
            }
            for (int sample : plan.row(row)) {
                tokens += lengths[sample];
            }
            begins = ShardWriter.isFull(tokens, shardTokens);
        }
        return new RowPlan(plan.rowOf(), plan.slotOf(), Arrays.copyOf(firstRows, shards));
    }

    int shards() {
        return firstRows.length;
    }

    /** Row and slot of a sample as one number that sorts by row, then slot. */
    long place(int sample) {
        return ((long) rowOf[sample] << Integer.SIZE) | slotOf[sample];
    }

    static int row(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    int shardOf(int row) {
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }
}
