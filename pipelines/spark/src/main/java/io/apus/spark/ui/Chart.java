package io.apus.spark.ui;

import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * Curves over steps as an inline SVG without script or style, in colours that can be read on light and dark ground: browsers that darken
 * pages leave drawings as they are. Pointing at the curve shows a value.
 *
 * @param title above it
 * @param text a value in words
 * @param zero whether its values begin at 0
 * @param lines what is drawn
 */
record Chart(String title, DoubleFunction<String> text, boolean zero, List<Line> lines) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 200;
    private static final int LEFT = 58;
    private static final int RIGHT = 14;
    private static final int TOP = 30;
    private static final int BOTTOM = 24;
    private static final int Y_MARKS = 4;
    private static final int X_MARKS = 6;
    private static final double MARGIN = 0.04;
    private static final int HINTS = 64;
    private static final String GREY = "#757d87";
    private static final List<String> COLOURS = List.of("#2f81d6", "#e0782f");

    /** One curve and its name in the legend. */
    record Line(String name, Curve curve) {}

    static Chart of(String title, DoubleFunction<String> text, Line... lines) {
        return new Chart(title, text, false, List.of(lines));
    }

    /** The same from 0 up, for values that tell more beside nothing than beside each other. */
    static Chart fromZero(String title, DoubleFunction<String> text, Line... lines) {
        return new Chart(title, text, true, List.of(lines));
    }

    /** The drawing; empty when there is nothing to draw. */
    String svg() {
        List<Line> drawn = lines.stream().filter(line -> !line.curve().empty()).toList();
        if (drawn.isEmpty()) {
            return "";
        }
        DoubleSummaryStatistics steps = range(drawn, Curve::steps);
        DoubleSummaryStatistics values = range(drawn, Curve::values);
        Axis x = Axis.over(steps.getMin(), steps.getMax(), X_MARKS);
        double margin = MARGIN * (values.getMax() - values.getMin());
        Axis y = Axis.over(zero ? 0 : values.getMin() - margin, values.getMax() + margin, Y_MARKS);
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" width=\"100%\" role=\"img\" font-family=\"sans-serif\" font-size=\"11\" fill=\"" + GREY + "\">");
        svg.append("<title>").append(Figures.escape(title)).append("</title>");
        heading(svg, drawn);
        grid(svg, x, y);
        for (Line line : drawn) {
            draw(svg, line.curve(), x, y, colour(line));
        }
        return svg.append("</svg>").toString();
    }

    private static DoubleSummaryStatistics range(List<Line> lines, Function<Curve, List<? extends Number>> of) {
        return lines.stream()
                .flatMap(line -> of.apply(line.curve()).stream())
                .mapToDouble(Number::doubleValue)
                .summaryStatistics();
    }

    private String colour(Line line) {
        return COLOURS.get(lines.indexOf(line) % COLOURS.size());
    }

    /** The title, and each curve's newest value in its colour. */
    private void heading(StringBuilder svg, List<Line> drawn) {
        svg.append(label(0, 14, "start", title, " font-weight=\"bold\" font-size=\"13\""));
        int right = WIDTH - RIGHT;
        List<Line> fromTheRight = new ArrayList<>(drawn);
        Collections.reverse(fromTheRight);
        for (Line line : fromTheRight) {
            String words = (drawn.size() > 1 ? line.name() + " " : "")
                    + text.apply(line.curve().newest());
            svg.append("<circle cx=\"" + (right - 5) + "\" cy=\"10\" r=\"4\" fill=\"" + colour(line) + "\"/>");
            svg.append(label(right - 14, 14, "end", words, ""));
            right -= 30 + 6 * words.length();
        }
    }

    private void grid(StringBuilder svg, Axis x, Axis y) {
        for (double mark : y.marks()) {
            double at = down(y, mark);
            svg.append(rule(LEFT, at, WIDTH - RIGHT, at));
            svg.append(label(LEFT - 6, at + 4, "end", text.apply(mark), ""));
        }
        for (double mark : x.marks()) {
            double at = across(x, mark);
            svg.append(rule(at, TOP, at, HEIGHT - BOTTOM));
            svg.append(label(at, HEIGHT - BOTTOM + 15, "middle", Figures.number(mark), ""));
        }
    }

    private void draw(StringBuilder svg, Curve curve, Axis x, Axis y, String colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.steps().size(); i++) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    across(x, curve.steps().get(i)),
                    down(y, curve.values().get(i))));
        }
        svg.append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke-linejoin=\"round\" stroke=\"" + colour
                + "\" points=\"" + points + "\"/>");
        boolean dots = curve.steps().size() <= HINTS;
        int stride = Math.max(1, curve.steps().size() / HINTS);
        for (int i = 0; i < curve.steps().size(); i += stride) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\" fill-opacity=\"%s\"><title>step %d: %s</title></circle>",
                    across(x, curve.steps().get(i)),
                    down(y, curve.values().get(i)),
                    dots ? "2.2" : "6",
                    colour,
                    dots ? "1" : "0",
                    curve.steps().get(i),
                    Figures.escape(text.apply(curve.values().get(i)))));
        }
    }

    private static double across(Axis x, double step) {
        return LEFT + x.place(step) * (WIDTH - LEFT - RIGHT);
    }

    private static double down(Axis y, double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String rule(double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#808080\" stroke-opacity=\"0.25\"/>",
                x1,
                y1,
                x2,
                y2);
    }

    private static String label(double x, double y, String anchor, String words, String more) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>",
                x,
                y,
                anchor,
                more,
                Figures.escape(words));
    }
}
