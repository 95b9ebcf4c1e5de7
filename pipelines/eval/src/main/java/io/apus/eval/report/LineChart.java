package io.apus.eval.report;

import io.apus.eval.report.Series.Point;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** A line chart as inline SVG, with axes, grid, a legend where there are several lines, and the values as tooltips. */
final class LineChart {
    private static final int LEFT = 54;
    private static final int RIGHT = 16;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;
    /** More tooltips than this are smaller than a pixel apart. */
    private static final int MOST_TOOLTIPS = 300;

    private final String title;
    private final String xLabel;
    private final int width;
    private final int height;
    private final List<Series> series;
    private final Scale x;
    private final Scale y;

    /** {@code series} holds at least one point. */
    LineChart(String title, String xLabel, int width, int height, List<Series> series) {
        this.title = title;
        this.xLabel = xLabel;
        this.width = width;
        this.height = height;
        this.series = series;
        this.x = Scale.within(
                values(Point::x).min().orElse(0), values(Point::x).max().orElse(1), width / 100);
        this.y = Scale.covering(
                values(Point::y).min().orElse(0), values(Point::y).max().orElse(1), height / 50);
    }

    private DoubleStream values(java.util.function.ToDoubleFunction<Point> coordinate) {
        return series.stream().flatMap(line -> line.points().stream()).mapToDouble(coordinate);
    }

    void write(Html html) {
        html.open("figure", "class", "chart");
        html.open("figcaption").element("span", title, "class", "chart-title");
        if (series.size() > 1) {
            for (Series line : series) {
                html.open("span", "class", "key " + line.style())
                        .element("i", "")
                        .text(line.name())
                        .close();
            }
        }
        html.close();
        html.open("svg", "viewBox", "0 0 " + width + " " + height, "role", "img", "aria-label", title);
        writeAxes(html);
        series.forEach(line -> writeLine(html, line));
        html.close().close().line();
    }

    private void writeAxes(Html html) {
        for (double tick : y.ticks()) {
            String at = at(vertical(tick));
            html.leaf("line", "class", "grid", "x1", at(LEFT), "x2", at(width - RIGHT), "y1", at, "y2", at);
            html.element("text", label(tick), "class", "tick end", "x", at(LEFT - 8), "y", at(vertical(tick) + 4));
        }
        for (double tick : x.ticks()) {
            html.element(
                    "text",
                    label(tick),
                    "class",
                    "tick middle",
                    "x",
                    at(horizontal(tick)),
                    "y",
                    at(height - BOTTOM + 18));
        }
        String base = at(height - BOTTOM);
        html.leaf("line", "class", "axis", "x1", at(LEFT), "x2", at(width - RIGHT), "y1", base, "y2", base);
        double middle = (LEFT + width - RIGHT) / 2.0;
        html.element("text", xLabel, "class", "tick middle", "x", at(middle), "y", at(height - 5));
    }

    private void writeLine(Html html, Series line) {
        boolean smooth = line.isWorthSmoothing();
        html.leaf("polyline", "class", "line " + line.style() + (smooth ? " faint" : ""), "points", path(line));
        if (smooth) {
            html.leaf("polyline", "class", "line " + line.style(), "points", path(line.smoothed()));
        }
        int stride = Math.max(1, line.points().size() / MOST_TOOLTIPS);
        for (int i = 0; i < line.points().size(); i += stride) {
            writePoint(html, line, line.points().get(i));
        }
    }

    private void writePoint(Html html, Series line, Point point) {
        boolean shown = line.look() == Series.Look.DOTTED || line.points().size() == 1;
        html.open(
                        "circle",
                        "class",
                        (shown ? "dot " : "hover ") + line.style(),
                        "cx",
                        at(horizontal(point.x())),
                        "cy",
                        at(vertical(point.y())),
                        "r",
                        shown ? "3.5" : "6")
                .element("title", line.name() + " " + Numbers.decimal(point.y()) + " at " + label(point.x()))
                .close();
    }

    private String path(Series line) {
        return line.points().stream()
                .map(point -> at(horizontal(point.x())) + "," + at(vertical(point.y())))
                .collect(Collectors.joining(" "));
    }

    private double horizontal(double value) {
        return LEFT + x.place(value) * (width - LEFT - RIGHT);
    }

    private double vertical(double value) {
        return height - BOTTOM - y.place(value) * (height - TOP - BOTTOM);
    }

    private static String label(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e4;
        return whole
                ? Long.toString((long) value)
                : Numbers.compact(value)
                        .replaceFirst("(\\.\\d*?)0+($|[kMB])", "$1$2")
                        .replaceFirst("\\.($|[kMB])", "$1");
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
