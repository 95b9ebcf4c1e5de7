package io.apus.spark.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of numbers with round marks on it.
 *
 * @param from smallest value shown
 * @param to largest value shown, above {@code from}
 * @param marks round numbers in between
 */
record Axis(double from, double to, List<Double> marks) {
    /** An axis over {@code low} to {@code high} with about {@code wanted} marks. */
    static Axis over(double low, double high, int wanted) {
        double margin = high > low ? 0 : Math.max(Math.abs(high) * 0.1, 1e-12);
        double from = low - margin;
        double to = high + margin;
        double step = round((to - from) / wanted);
        List<Double> marks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
            marks.add(i * step);
        }
        return new Axis(from, to, marks);
    }

    /** The one of 1, 2, 5, 10 ... that is nearest to {@code step} as a factor. */
    private static double round(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double digits = step / power;
        double factor = digits < Math.sqrt(2) ? 1 : digits < Math.sqrt(10) ? 2 : digits < Math.sqrt(50) ? 5 : 10;
        return factor * power;
    }

    /** Where {@code value} lies: 0 at the beginning, 1 at the end. */
    double place(double value) {
        return (value - from) / (to - from);
    }
}
