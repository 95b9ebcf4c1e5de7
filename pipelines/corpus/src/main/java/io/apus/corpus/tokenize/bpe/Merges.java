package io.apus.corpus.tokenize.bpe;

import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Which pairs of tokens become one: a hash table without objects, from two ids to the rank and the id of the merge. */
final class Merges {
    /** What no pair has; above all ranks. */
    static final long NONE = Long.MAX_VALUE;

    private static final long FREE = -1;

    /** Pairs and merges in turn, so that both lie in one cache line. */
    private final long[] table;

    private final int shift;

    private Merges(int count) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(count));
        shift = Long.SIZE - bits;
        table = new long[2 << bits];
        Arrays.fill(table, FREE);
    }

    static Merges of(List<String[]> pairs, Map<String, Integer> vocabulary) throws NotSupported {
        Merges merges = new Merges(pairs.size());
        for (int rank = 0; rank < pairs.size(); rank++) {
            String[] pair = pairs.get(rank);
            Integer left = pair.length == 2 ? vocabulary.get(pair[0]) : null;
            Integer right = pair.length == 2 ? vocabulary.get(pair[1]) : null;
            Integer merged = left == null || right == null ? null : vocabulary.get(pair[0] + pair[1]);
            if (merged == null) {
                throw new NotSupported("merge " + rank + " names tokens that it does not have");
            }
            merges.put(key(left, right), (long) rank << 32 | merged);
        }
        return merges;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    /** A pair that is named twice has its last rank, as in the library. */
    private void put(long key, long merge) {
        int at = slot(key);
        while (table[at] != FREE && table[at] != key) {
            at = at + 2 & table.length - 1;
        }
        table[at] = key;
        table[at + 1] = merge;
    }

    private int slot(long key) {
        return (int) ((key * 0x9e3779b97f4a7c15L) >>> shift) << 1;
    }

    /** The merge of two ids: its rank in the upper, its id in the lower 32 bits; {@link #NONE} where they have none. */
    long of(int left, int right) {
        long key = key(left, right);
        for (int at = slot(key); ; at = at + 2 & table.length - 1) {
            long found = table[at];
            if (found == key) {
                return table[at + 1];
            }
            if (found == FREE) {
                return NONE;
            }
        }
    }
}
