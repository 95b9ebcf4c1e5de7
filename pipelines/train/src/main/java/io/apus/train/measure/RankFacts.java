package io.apus.train.measure;

/**
 * What one rank measured of itself since the last log line, or since it began.
 *
 * @param residentBytes of its process that lie in memory now, native memory included
 * @param peakBytes most that ever lay in memory
 * @param steps steps since then
 * @param tokens tokens that it read itself
 * @param seconds duration of the steps
 * @param busySeconds duration of its own passes within them, before it waited for the other ranks
 */
public record RankFacts(
        long residentBytes, long peakBytes, int steps, long tokens, double seconds, double busySeconds) {
    public double tokensPerSecond() {
        return tokens / Math.max(seconds, 1e-9);
    }

    public double secondsPerStep() {
        return seconds / Math.max(1, steps);
    }

    public double busySecondsPerStep() {
        return busySeconds / Math.max(1, steps);
    }

    long[] toLongs() {
        return new long[] {
            residentBytes,
            peakBytes,
            steps,
            tokens,
            Double.doubleToRawLongBits(seconds),
            Double.doubleToRawLongBits(busySeconds)
        };
    }

    static RankFacts of(long[] values) {
        return new RankFacts(
                values[0],
                values[1],
                Math.toIntExact(values[2]),
                values[3],
                Double.longBitsToDouble(values[4]),
                Double.longBitsToDouble(values[5]));
    }
}
