package io.apus.corpus.filter.duplicate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * MinHash signatures (Broder 1997): two sets agree in each place of their signatures with a probability near their Jaccard similarity. A
 * permutation is an odd multiple plus an offset of 32 bits of the shingle's hash, which the inner loop computes many at a time.
 */
public final class MinHash {
    private static final long SEED = 0x41707573L;

    private final int[] multipliers;
    private final int[] offsets;

    /** @param permutations length of the signatures; equal numbers give equal signatures everywhere */
    public MinHash(int permutations) {
        SplittableRandom random = new SplittableRandom(SEED);
        multipliers = new int[permutations];
        offsets = new int[permutations];
        for (int i = 0; i < permutations; i++) {
            multipliers[i] = random.nextInt() | 1;
            offsets[i] = random.nextInt();
        }
    }

    /** The signature of a set of hashes; of an empty set all values are the largest. */
    public int[] signature(long[] shingles) {
        int[] smallest = new int[multipliers.length];
        Arrays.fill(smallest, Integer.MAX_VALUE);
        for (long shingle : shingles) {
            lower(smallest, (int) (shingle ^ (shingle >>> 32)));
        }
        return smallest;
    }

    private void lower(int[] smallest, int value) {
        for (int i = 0; i < smallest.length; i++) {
            smallest[i] = Math.min(smallest[i], multipliers[i] * value + offsets[i]);
        }
    }

    /** The share of places in which two signatures agree, an estimate of the Jaccard similarity. */
    public static double agreement(int[] a, int[] b) {
        int same = 0;
        for (int i = 0; i < a.length; i++) {
            same += a[i] == b[i] ? 1 : 0;
        }
        return (double) same / a.length;
    }
}
