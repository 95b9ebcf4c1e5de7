package io.apus.train.order;

/** Turns seeds and counters into random-looking 64-bit numbers, the same ones on every machine. */
public final class Mixing {
    /** 2^64 divided by the golden ratio: successive multiples of it are spread evenly. */
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    /** The output function of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A seed that depends on {@code seed} and on all {@code parts} in their order. */
    public static long derive(long seed, long... parts) {
        long state = mix(seed + GAMMA);
        for (long part : parts) {
            state = mix(state + GAMMA + mix(part + GAMMA));
        }
        return state;
    }

    /** Number {@code index} of the sequence that {@code seed} begins. */
    static long at(long seed, long index) {
        return mix(seed + (index + 1) * GAMMA);
    }
}
