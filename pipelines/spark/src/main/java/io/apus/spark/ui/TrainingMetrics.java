package io.apus.spark.ui;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.metrics.source.Source;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * The newest numbers of training as gauges of Spark's metrics system, for whatever sink it has. Spark calls them
 * {@code <namespace>.driver.training.<name>}; a gauge appears with its first value.
 */
final class TrainingMetrics extends SparkListener implements Source {
    /** Numbers of reports and the gauges that show them. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("loss", "loss"),
            Map.entry("grad_norm", "grad_norm"),
            Map.entry("learning_rate", "learning_rate"),
            Map.entry("token_acc", "token_acc"),
            Map.entry("aux_loss", "aux_loss"),
            Map.entry("epoch", "epoch"),
            Map.entry("train_speed(s/it)", "step_seconds"),
            Map.entry("tokens_per_second", "tokens_per_second"),
            Map.entry("matrix_product_share", "matrix_product_share"),
            Map.entry("eval_loss", "eval_loss"),
            Map.entry("eval_token_acc", "eval_token_acc"),
            Map.entry("eval_tokens_per_second", "eval_tokens_per_second"),
            Map.entry("world_size", "world_size"),
            Map.entry("attempts", "attempts"));

    private static final List<String> OF_RANKS =
            List.of("memory_bytes", "peak_memory_bytes", "tokens_per_second", "step_seconds", "busy_seconds");

    private final MetricRegistry registry = new MetricRegistry();
    private final Map<String, Double> values = new ConcurrentHashMap<>();

    @Override
    public String sourceName() {
        return "training";
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof TrainingEvent training && training.report() != null) {
            numbers(training.report()).forEach(this::set);
        }
    }

    private static Map<String, Double> numbers(JsonNode report) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        NAMES.forEach((field, name) -> add(numbers, name, report.path(field)));
        RunReport read = new RunReport(report);
        long step = read.step(-1);
        if (step >= 0) {
            numbers.put("step", (double) step);
            numbers.put("max_steps", (double) read.maxSteps(0));
        }
        for (JsonNode row : report.path("ranks")) {
            String rank = "rank_" + row.path("rank").asInt() + "_";
            OF_RANKS.forEach(field -> add(numbers, rank + field, row.path(field)));
        }
        return numbers;
    }

    private static void add(Map<String, Double> numbers, String name, JsonNode value) {
        if (value.isNumber()) {
            numbers.put(name, value.asDouble());
        }
    }

    private void set(String name, double value) {
        if (values.put(name, value) == null) {
            registry.register(name, (Gauge<Double>) () -> values.get(name));
        }
    }
}
