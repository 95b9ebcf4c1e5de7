package io.apus.train.parallel.zero;

/** Bytes of weights, gradients and optimiser states that this rank holds, and the most that it held. */
final class Held {
    private long now;
    private long peak;

    void add(long bytes) {
        now += bytes;
        peak = Math.max(peak, now);
    }

    long now() {
        return now;
    }

    long peak() {
        return peak;
    }

    /** Forgets earlier peaks. */
    void restart() {
        peak = now;
    }
}
