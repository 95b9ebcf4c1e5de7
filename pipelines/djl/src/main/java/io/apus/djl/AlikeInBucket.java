package io.apus.djl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The pairs of alike vectors of each bucket, from rows sorted by bucket and key. A vector is compared with the leaders of its bucket, those that
 * were like no leader before them: many copies of one text cost one comparison each, not one with every other copy.
 */
final class AlikeInBucket implements Iterator<Row> {
    /** A vector of length one with its key. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Leader(String key, float[] vector) {}

    private final Iterator<Row> rows;
    private final double threshold;
    private final Deque<Row> ready = new ArrayDeque<>();
    private final List<Leader> leaders = new ArrayList<>();
    private int band = -1;
    private long hash;

    /** {@code rows} as {@link Buckets} makes them; {@code threshold} is the least cosine of a pair. */
    AlikeInBucket(Iterator<Row> rows, double threshold) {
        this.rows = rows;
        this.threshold = threshold;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && rows.hasNext()) {
            compare(rows.next());
        }
        return !ready.isEmpty();
    }

    private void compare(Row row) {
        if (row.getInt(0) != band || row.getLong(1) != hash) {
            leaders.clear();
            band = row.getInt(0);
            hash = row.getLong(1);
        }
        String key = row.getString(2);
        float[] vector = Buckets.vector(row, 3);
        boolean isLeader = true;
        for (Leader leader : leaders) {
            if (Vectors.dot(leader.vector(), vector) >= threshold) {
                ready.add(RowFactory.create(key, leader.key()));
                isLeader = false;
            }
        }
        if (isLeader) {
            leaders.add(new Leader(key, vector));
        }
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }
}
