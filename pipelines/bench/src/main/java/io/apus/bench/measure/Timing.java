package io.apus.bench.measure;

import java.util.Arrays;

/**
 * What one contender took.
 *
 * @param name its name in the table
 * @param seconds wall-clock seconds of each round, warm-up rounds left out
 * @param result what its last round returned; contenders that do the same work return the same
 */
@SuppressWarnings("ArrayRecordComponent") // read by its own methods, never compared
public record Timing(String name, double[] seconds, double result) {
    /** Median seconds of a round. */
    public double median() {
        return median(seconds);
    }

    /** How many times as long as {@code base} this took: the median over the rounds, each compared within itself. */
    public double timesAsLongAs(Timing base) {
        double[] ratios = new double[seconds.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = seconds[i] / base.seconds[i];
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
