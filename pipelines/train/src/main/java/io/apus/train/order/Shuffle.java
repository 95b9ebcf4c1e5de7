package io.apus.train.order;

/**
 * The order of rows in an epoch: Fisher-Yates from the last row down, with SplitMix64 numbers from a seed derived of (seed, epoch).
 *
 * <p>Position i swaps with {@code floor(u * (i + 1) / 2^64)}, u unsigned: no rejection, so the order costs one number a row and its bias is
 * below rows / 2^64.
 */
public final class Shuffle {
    private Shuffle() {}

    /** 0 to {@code rows} - 1 in an order of their own for every seed and epoch. */
    public static int[] permutation(int rows, long seed, int epoch) {
        int[] order = identity(rows);
        long stream = Mixing.derive(seed, epoch);
        for (int i = rows - 1; i > 0; i--) {
            int j = (int) scaled(Mixing.at(stream, rows - 1L - i), i + 1L);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }

    static int[] identity(int rows) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        return order;
    }

    /** The high 64 bits of the unsigned product. */
    private static long scaled(long unsigned, long bound) {
        return Math.multiplyHigh(unsigned, bound) + (unsigned < 0 ? bound : 0);
    }
}
