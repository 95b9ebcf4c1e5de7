package io.apus.spark.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * Values over steps, never many: when there are too many points, each stands for the mean of twice as many values as before.
 *
 * @param stride values that a point stands for
 * @param steps where the points lie, ascending; the last step of what a point stands for
 * @param values the points
 * @param pending values that the last point stands for if it is not whole yet, else 0
 * @param sum of the pending values
 * @param newest the last value as it came
 */
public record Curve(int stride, List<Long> steps, List<Double> values, int pending, double sum, double newest) {
    static final int LIMIT = 512;

    static final Curve EMPTY = new Curve(1, List.of(), List.of(), 0, 0, Double.NaN);

    Curve plus(long step, double value) {
        Curve before = !empty() && step <= steps.get(steps.size() - 1) ? upTo(step - 1) : this;
        return before.append(step, value);
    }

    private Curve append(long step, double value) {
        int kept = steps.size() - (pending > 0 ? 1 : 0);
        if (kept == LIMIT) {
            return halved().append(step, value);
        }
        int count = pending + 1;
        double total = sum + value;
        List<Long> newSteps = new ArrayList<>(steps.subList(0, kept));
        List<Double> newValues = new ArrayList<>(values.subList(0, kept));
        newSteps.add(step);
        newValues.add(total / count);
        boolean whole = count == stride;
        return new Curve(stride, newSteps, newValues, whole ? 0 : count, whole ? 0 : total, value);
    }

    private Curve halved() {
        List<Long> newSteps = new ArrayList<>();
        List<Double> newValues = new ArrayList<>();
        for (int i = 1; i < steps.size(); i += 2) {
            newSteps.add(steps.get(i));
            newValues.add((values.get(i - 1) + values.get(i)) / 2);
        }
        return new Curve(2 * stride, newSteps, newValues, 0, 0, newest);
    }

    /** Without the points behind {@code step}: a run that lost an executor trains those steps again. */
    private Curve upTo(long step) {
        int kept = 0;
        while (kept < steps.size() && steps.get(kept) <= step) {
            kept++;
        }
        return new Curve(stride, steps.subList(0, kept), values.subList(0, kept), 0, 0, newest);
    }

    boolean empty() {
        return steps.isEmpty();
    }
}
