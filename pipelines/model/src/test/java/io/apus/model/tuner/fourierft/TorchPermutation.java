package io.apus.model.tuner.fourierft;

import java.util.Arrays;
import java.util.stream.IntStream;

/** torch.randperm with a seeded CPU generator, from its definition: a Mersenne twister that shuffles from the front. */
final class TorchPermutation {
    private static final int SIZE = 624;
    private final int[] state = new int[SIZE];
    private int next = SIZE;

    private TorchPermutation(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    static long[] first(int count, int size, int seed) {
        TorchPermutation random = new TorchPermutation(seed);
        int[] order = IntStream.range(0, size).toArray();
        for (int i = 0; i < size - 1; i++) {
            int other = i + (int) (Integer.toUnsignedLong(random.draw()) % (size - i));
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return Arrays.stream(order, 0, count).asLongStream().toArray();
    }

    private int draw() {
        if (next == SIZE) {
            for (int i = 0; i < SIZE; i++) {
                int mixed = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
                state[i] = state[(i + 397) % SIZE] ^ (mixed >>> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
            }
            next = 0;
        }
        int value = state[next++];
        value ^= value >>> 11;
        value ^= (value << 7) & 0x9d2c5680;
        value ^= (value << 15) & 0xefc60000;
        return value ^ (value >>> 18);
    }
}
