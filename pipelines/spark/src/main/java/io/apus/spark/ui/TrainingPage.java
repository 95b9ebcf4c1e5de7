package io.apus.spark.ui;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the tab shows of one run: how far it is, its curves, its ranks and what it is. Every text of it is escaped.
 *
 * @param runs all runs of the application, oldest first
 * @param run the one to show
 * @param live whether the application still runs, so that the page draws itself anew
 */
record TrainingPage(List<TrainingRun> runs, TrainingRun run, boolean live) {
    private static final int REFRESH_SECONDS = 10;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    String html() {
        StringBuilder page = new StringBuilder();
        if (live && !run.over()) {
            page.append("<meta http-equiv=\"refresh\" content=\"" + REFRESH_SECONDS + "\"/>");
        }
        others(page);
        status(page);
        charts(page);
        page.append("<div class=\"row\"><div class=\"col-lg-7\">");
        ranks(page);
        page.append("</div><div class=\"col-lg-5\">");
        facts(page);
        return page.append("</div></div>").toString();
    }

    private void others(StringBuilder page) {
        if (runs.size() < 2) {
            return;
        }
        page.append("<ul class=\"nav nav-pills mb-2\">");
        for (int i = 0; i < runs.size(); i++) {
            TrainingRun other = runs.get(i);
            String name = other.facts().getOrDefault("name", "run " + (i + 1));
            page.append("<li class=\"nav-item\"><a class=\"nav-link py-1"
                    + (other.run().equals(run.run()) ? " active" : "") + "\" href=\"?run="
                    + URLEncoder.encode(other.run(), StandardCharsets.UTF_8) + "\">" + Figures.escape(name)
                    + "</a></li>");
        }
        page.append("</ul>");
    }

    private void status(StringBuilder page) {
        double share = run.maxSteps() == 0 ? 0 : Math.min(1.0, (double) run.step() / run.maxSteps());
        page.append("<p><span class=\"badge badge-" + colour() + "\">" + Figures.escape(run.state()) + "</span> ");
        if (run.maxSteps() > 0) {
            page.append("step <strong>" + run.step() + "</strong> of " + run.maxSteps() + " (" + Figures.percent(share)
                    + ")");
        }
        latest(page, "epoch", "epoch ");
        latest(page, "elapsed_time", "trained for ");
        if (!run.over()) {
            latest(page, "remaining_time", "about ", " left");
        }
        latest(page, "train_speed(s/it)", "", " s a step");
        page.append("</p>");
        page.append(String.format(
                Locale.ROOT,
                "<svg width=\"100%%\" height=\"8\" role=\"img\"><title>%s</title><rect width=\"100%%\" height=\"8\" rx=\"4\""
                        + " fill=\"#808080\" fill-opacity=\"0.25\"/><rect width=\"%.2f%%\" height=\"8\" rx=\"4\" fill=\"#2f81d6\"/></svg>",
                Figures.percent(share),
                100 * share));
    }

    private String colour() {
        return switch (run.state()) {
            case "ended" -> "success";
            case "failed", "stopped" -> "danger";
            default -> "primary";
        };
    }

    private void latest(StringBuilder page, String name, String before) {
        latest(page, name, before, "");
    }

    private void latest(StringBuilder page, String name, String before, String after) {
        String value = run.latest().get(name);
        if (value != null) {
            String text = value.matches("-?[0-9.]+([eE]-?\\d+)?") ? Figures.number(Double.parseDouble(value)) : value;
            page.append(" &middot; ").append(Figures.escape(before + text + after));
        }
    }

    private void charts(StringBuilder page) {
        List<Chart> charts = List.of(
                Chart.of("Loss", Figures::number, line("training", "loss"), line("evaluation", "eval_loss")),
                Chart.fromZero("Tokens per second", Figures::number, line("tokens", "tokens_per_second")),
                Chart.of("Learning rate", Figures::number, line("rate", "learning_rate")),
                Chart.of("Gradient norm", Figures::number, line("norm", "grad_norm")),
                Chart.of(
                        "Token accuracy",
                        Figures::percent,
                        line("training", "token_acc"),
                        line("evaluation", "eval_token_acc")),
                Chart.fromZero(
                        "Memory of the largest rank in GiB", Figures::number, line("memory", TrainingRun.MEMORY)));
        page.append("<div class=\"row\">");
        for (Chart chart : charts) {
            String svg = chart.svg();
            if (!svg.isEmpty()) {
                page.append("<div class=\"col-lg-6 col-xl-4 mt-3\">")
                        .append(svg)
                        .append("</div>");
            }
        }
        page.append("</div>");
    }

    private Chart.Line line(String name, String curve) {
        return new Chart.Line(name, run.curve(curve));
    }

    private void ranks(StringBuilder page) {
        if (run.ranks().isEmpty()) {
            return;
        }
        page.append(
                "<h4 class=\"mt-3\">Ranks</h4><table class=\"table table-bordered table-sm table-striped\"><thead><tr>"
                        + "<th>Rank</th><th>Memory</th><th>Peak memory</th><th>Tokens/s</th><th>Step</th><th>Own passes</th>"
                        + "<th>Own passes / step</th></tr></thead><tbody>");
        for (RankRow row : run.ranks()) {
            cells(
                    page,
                    Integer.toString(row.rank()),
                    Figures.gibibytes(row.memoryBytes()),
                    Figures.gibibytes(row.peakMemoryBytes()),
                    Figures.number(row.tokensPerSecond()),
                    Figures.number(row.stepSeconds()) + " s",
                    Figures.number(row.busySeconds()) + " s",
                    row.stepSeconds() > 0 ? Figures.percent(row.busySeconds() / row.stepSeconds()) : "");
        }
        page.append(
                "</tbody></table><p><small>Since the last log line. A rank whose own passes take longer than those of the"
                        + " others makes them wait.</small></p>");
    }

    private static void cells(StringBuilder page, String... texts) {
        page.append("<tr>");
        for (String text : texts) {
            page.append("<td>").append(Figures.escape(text)).append("</td>");
        }
        page.append("</tr>");
    }

    private void facts(StringBuilder page) {
        Map<String, String> rows = new LinkedHashMap<>(run.facts());
        Curve share = run.curve("matrix_product_share");
        if (!share.empty()) {
            rows.put("share of peak", Figures.percent(share.newest()) + " of the measured float32 matrix products");
        }
        if (run.attempts() > 1) {
            rows.put("attempts", run.attempts() + " (an executor was lost)");
        }
        rows.put("begun", time(run.begun()));
        rows.put("last report", time(run.seen()));
        page.append("<h4 class=\"mt-3\">Run</h4><table class=\"table table-bordered table-sm\"><tbody>");
        rows.forEach((name, value) -> cells(page, name, value));
        page.append("</tbody></table>");
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }
}
