package io.apus.eval.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a chart.
 *
 * @param name what it shows
 * @param style CSS class that gives its colour
 * @param points in order of x
 * @param look how its points are drawn
 */
record Series(String name, String style, List<Point> points, Look look) {
    /** An exact line, a noisy one that needs a mean beside it, or a line with a dot at each of its few points. */
    enum Look {
        EXACT,
        NOISY,
        DOTTED
    }

    record Point(double x, double y) {}

    /** Fewer points than this are read more easily as they are. */
    private static final int WORTH_SMOOTHING = 25;

    boolean isWorthSmoothing() {
        return look == Look.NOISY && points.size() >= WORTH_SMOOTHING;
    }

    /** The mean over the neighbours on both sides: unlike an exponential mean it does not lag behind a falling loss. */
    Series smoothed() {
        int reach = Math.max(2, points.size() / 30);
        List<Point> means = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            List<Point> near = points.subList(Math.max(0, i - reach), Math.min(points.size(), i + reach + 1));
            double mean = near.stream().mapToDouble(Point::y).average().orElseThrow();
            means.add(new Point(points.get(i).x(), mean));
        }
        return new Series(name, style, means, look);
    }
}
