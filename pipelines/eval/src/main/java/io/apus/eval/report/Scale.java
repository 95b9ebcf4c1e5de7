package io.apus.eval.report;

import java.util.ArrayList;
import java.util.List;

/** A linear axis from round number to round number (the 1-2-5 steps of Heckbert, Graphics Gems, 1990). */
record Scale(double from, double to, double step) {
    /** Covers both values with about {@code ticks} steps. */
    static Scale covering(double low, double high, int ticks) {
        double span = high > low ? high - low : Math.max(Math.abs(high), 1) * 0.1;
        double bottom = high > low ? low : low - span / 2;
        double raw = span / ticks;
        double magnitude = Math.pow(10, Math.floor(Math.log10(raw)));
        double ratio = raw / magnitude;
        double step = magnitude * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
        return new Scale(Math.floor(bottom / step) * step, Math.ceil((bottom + span) / step) * step, step);
    }

    /** Reaches exactly from value to value, with round ticks inside. */
    static Scale within(double low, double high, int ticks) {
        Scale round = covering(low, high, ticks);
        return high > low ? new Scale(low, high, round.step()) : round;
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(from / step - 1e-9);
        long last = (long) Math.floor(to / step + 1e-9);
        for (long i = first; i <= last; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Position of {@code value} between the ends, 0 to 1. */
    double place(double value) {
        return (value - from) / (to - from);
    }
}
