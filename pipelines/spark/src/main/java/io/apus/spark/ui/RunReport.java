package io.apus.spark.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one report of a run. Names are those of the log lines; what is missing or of another kind is passed over. */
record RunReport(JsonNode report) {
    /** The type of the report that describes the run, one text field a fact. */
    static final String FACTS = "run";

    private static final Set<String> CURVES = Set.of(
            "loss",
            "eval_loss",
            "learning_rate",
            "grad_norm",
            "tokens_per_second",
            "token_acc",
            "eval_token_acc",
            "matrix_product_share");
    private static final List<String> LATEST = List.of("epoch", "elapsed_time", "remaining_time", "train_speed(s/it)");
    private static final Pattern PLACE_OF_STEPS = Pattern.compile("(\\d{1,18})/(\\d{1,18})");
    private static final String PLACE = "global_step/max_steps";

    private String type() {
        return report.path("type").asText();
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        switch (type()) {
            case FACTS ->
                report.properties().forEach(field -> {
                    if (!field.getKey().equals("type")) {
                        facts.put(field.getKey(), field.getValue().asText());
                    }
                });
            case "started", "resumed" -> {
                number(facts, "parameters", "parameters");
                number(facts, "trained", "trained_parameters");
            }
            case "checkpoint" -> number(facts, "last checkpoint", "step");
            case "failed" -> facts.put("failure", report.path("reason").asText());
            default -> {}
        }
        return facts;
    }

    private void number(Map<String, String> facts, String name, String field) {
        if (report.path(field).isNumber()) {
            facts.put(name, String.format(Locale.ROOT, "%,d", report.path(field).asLong()));
        }
    }

    Map<String, String> latest() {
        Map<String, String> latest = new LinkedHashMap<>();
        for (String name : LATEST) {
            if (report.path(name).isValueNode()) {
                latest.put(name, report.path(name).asText());
            }
        }
        return latest;
    }

    Map<String, Double> points() {
        Map<String, Double> points = new LinkedHashMap<>();
        report.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (CURVES.contains(field.getKey()) && value.isNumber() && Double.isFinite(value.asDouble())) {
                points.put(field.getKey(), value.asDouble());
            }
        });
        ranks().stream()
                .mapToLong(RankRow::memoryBytes)
                .max()
                .ifPresent(bytes -> points.put(TrainingRun.MEMORY, bytes / Figures.GIB));
        return points;
    }

    List<RankRow> ranks() {
        List<RankRow> rows = new ArrayList<>();
        for (JsonNode row : report.path("ranks")) {
            rows.add(new RankRow(
                    row.path("rank").asInt(),
                    row.path("memory_bytes").asLong(),
                    row.path("peak_memory_bytes").asLong(),
                    row.path("tokens_per_second").asDouble(),
                    row.path("step_seconds").asDouble(),
                    row.path("busy_seconds").asDouble()));
        }
        return rows;
    }

    /** Of a checkpoint, which is written beside the training, the step is one that was passed before. */
    long step(long before) {
        JsonNode step = report.path("step");
        return step.isNumber() && !type().equals("checkpoint") ? step.asLong() : place(1, before);
    }

    long maxSteps(long before) {
        JsonNode steps = report.path("max_steps");
        return steps.isNumber() ? steps.asLong() : place(2, before);
    }

    private long place(int group, long before) {
        Matcher place = PLACE_OF_STEPS.matcher(report.path(PLACE).asText());
        return place.matches() ? Long.parseLong(place.group(group)) : before;
    }

    int attempts(int before) {
        return type().equals("retried") ? report.path("attempts").asInt(before) : before;
    }

    String state(String before) {
        return switch (type()) {
            case "started", "resumed", "log" -> "running";
            case "retried" -> "starting";
            case "ended", "stopped", "failed" -> type();
            default -> before;
        };
    }
}
