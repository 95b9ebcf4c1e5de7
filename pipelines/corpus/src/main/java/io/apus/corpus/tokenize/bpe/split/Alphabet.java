package io.apus.corpus.tokenize.bpe.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The code points as the sets of one pattern tell them apart: code points that are in the same sets have the same letter, a number below
 * 62. A set is then a mask of letters, and asking whether it holds a character costs one table read.
 */
final class Alphabet {
    /** The letter of halves of surrogate pairs, which no set has: the pair must be looked up. */
    static final int SURROGATE = 63;

    private static final int MOST_LETTERS = 62;

    private final List<BitSet> sets = new ArrayList<>();
    private final List<Long> signatures = new ArrayList<>();
    private byte[] letters;

    /** Adds a set and gives its number; equal sets share one. */
    int add(BitSet set) {
        int at = sets.indexOf(set);
        if (at >= 0) {
            return at;
        }
        sets.add(set);
        return sets.size() - 1;
    }

    /** Letters of all code points, once all sets are known. */
    byte[] letters() throws NotSupported {
        if (letters == null) {
            letters = tellApart();
        }
        return letters;
    }

    private byte[] tellApart() throws NotSupported {
        if (sets.size() > Long.SIZE) {
            throw new NotSupported("its pattern has " + sets.size() + " character classes");
        }
        byte[] found = new byte[Categories.CODE_POINTS];
        Map<Long, Integer> known = new HashMap<>();
        int from = 0;
        for (int to : borders()) {
            long signature = signature(from);
            int letter = known.computeIfAbsent(signature, unseen -> known.size());
            if (letter == signatures.size()) {
                signatures.add(signature);
            }
            Arrays.fill(found, from, to, (byte) letter);
            from = to;
        }
        if (signatures.size() > MOST_LETTERS) {
            throw new NotSupported("its pattern tells " + signatures.size() + " kinds of characters apart");
        }
        Arrays.fill(found, Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1, (byte) SURROGATE);
        return found;
    }

    /** Where any set begins or ends, and the end of all code points; above 0. */
    private SortedSet<Integer> borders() {
        SortedSet<Integer> borders = new TreeSet<>();
        for (BitSet set : sets) {
            for (int at = set.nextSetBit(0); at >= 0; at = set.nextSetBit(at)) {
                borders.add(at);
                at = set.nextClearBit(at);
                borders.add(at);
            }
        }
        borders.add(Categories.CODE_POINTS);
        borders.remove(0);
        return borders;
    }

    private long signature(int codePoint) {
        long signature = 0;
        for (int i = 0; i < sets.size(); i++) {
            signature |= sets.get(i).get(codePoint) ? 1L << i : 0;
        }
        return signature;
    }

    /** The letters of a set, as bits. */
    long mask(int set) throws NotSupported {
        letters();
        long mask = 0;
        for (int i = 0; i < signatures.size(); i++) {
            mask |= (signatures.get(i) >>> set & 1) << i;
        }
        return mask;
    }
}
