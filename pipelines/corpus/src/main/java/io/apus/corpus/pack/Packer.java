package io.apus.corpus.pack;

import io.apus.schemas.spec.PackSpec;
import java.util.SplittableRandom;

/**
 * Puts whole samples into rows. The plan depends on the lengths in the order of the samples' keys and on the seed, so it is the same
 * however the samples were partitioned. Needs some 30 bytes a sample and O(n log n) time at most.
 */
public final class Packer {
    private Packer() {}

    /**
     * Plans the rows.
     *
     * @param spec whether samples share rows, and how they are chosen
     * @param capacity most tokens of a row; a longer sample has a row to itself
     * @param lengths tokens of each sample, in the order of (key, part), each above 0
     * @param seed decides the order of the rows of {@code binpack}, which would otherwise come by length
     */
    public static PackPlan plan(PackSpec spec, int capacity, int[] lengths, long seed) {
        check(capacity, lengths);
        if (!spec.packing()) {
            return NextFit.plan(lengths, 0);
        }
        return spec.packingStrategy().equals("sequential")
                ? NextFit.plan(lengths, capacity)
                : shuffled(BestFit.plan(lengths, capacity), seed);
    }

    private static void check(int capacity, int[] lengths) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("a row of " + capacity + " tokens holds nothing");
        }
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] <= 0) {
                throw new IllegalArgumentException("sample " + i + " has " + lengths[i] + " tokens");
            }
        }
    }

    /** The same rows in an order that the seed decides (Fisher and Yates). */
    private static PackPlan shuffled(PackPlan plan, long seed) {
        int[] order = new int[plan.rows()];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return plan.reordered(order);
    }
}
