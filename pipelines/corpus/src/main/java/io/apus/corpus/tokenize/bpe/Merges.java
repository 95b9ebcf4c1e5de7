package io.apus.corpus.tokenize.bpe;

import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Which pairs of tokens become one, the most urgent of rank 0: a hash table without objects. An entry is one number, the pair in its upper
 * bits and the rank in its lower ones, so that eight lie in a cache line; a small bitmap before it answers for most pairs that never merge.
 */
final class Merges {
    /** The rank of pairs that do not merge; above all others. */
    static final int NONE = Integer.MAX_VALUE;

    private static final long FREE = -1;

    private final int idBits;
    private final int rankBits;
    private final int shift;
    private final long[] table;
    private final long[] seen;
    private final int[] merged;

    private Merges(int ids, int count) throws NotSupported {
        idBits = bits(ids);
        rankBits = bits(count);
        if (2 * idBits + rankBits >= Long.SIZE) {
            throw new NotSupported("it has too many tokens and merges for one table");
        }
        int slotBits = Math.max(6, rankBits + 1);
        shift = Long.SIZE - slotBits;
        table = new long[1 << slotBits];
        seen = new long[table.length * 4 / Long.SIZE];
        merged = new int[count];
        Arrays.fill(table, FREE);
    }

    private static int bits(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count);
    }

    static Merges of(List<String[]> pairs, Map<String, Integer> vocabulary) throws NotSupported {
        int ids = vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        Merges merges = new Merges(ids, pairs.size());
        for (int rank = 0; rank < pairs.size(); rank++) {
            String[] pair = pairs.get(rank);
            Integer left = pair.length == 2 ? vocabulary.get(pair[0]) : null;
            Integer right = pair.length == 2 ? vocabulary.get(pair[1]) : null;
            Integer merged = left == null || right == null ? null : vocabulary.get(pair[0] + pair[1]);
            if (merged == null) {
                throw new NotSupported("merge " + rank + " names tokens that it does not have");
            }
            merges.merged[rank] = merged;
            merges.put((long) left << merges.idBits | right, rank);
        }
        return merges;
    }

    /** A pair that is named twice has its last rank, as in the library. */
    private void put(long pair, int rank) {
        long hash = hash(pair);
        int at = (int) (hash >>> shift);
        while (table[at] != FREE && table[at] >>> rankBits != pair) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = pair << rankBits | rank;
        int bit = (int) (hash >>> (shift - 2));
        seen[bit >>> 6] |= 1L << bit;
    }

    private static long hash(long pair) {
        return pair * 0x9e3779b97f4a7c15L;
    }

    /** The rank of the merge of two ids; {@link #NONE} where they have none. */
    int rank(int left, int right) {
        long pair = (long) left << idBits | right;
        long hash = hash(pair);
        int bit = (int) (hash >>> (shift - 2));
        if ((seen[bit >>> 6] >>> bit & 1) == 0) {
            return NONE;
        }
        for (int at = (int) (hash >>> shift); ; at = (at + 1) & (table.length - 1)) {
            long found = table[at];
            if (found >>> rankBits == pair) {
                return (int) (found & ((1L << rankBits) - 1));
            }
            if (found == FREE) {
                return NONE;
            }
        }
    }

    /** The id that the merge of a rank makes. */
    int merged(int rank) {
        return merged[rank];
    }
}
