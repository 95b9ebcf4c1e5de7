package io.apus.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.jobs.launch.Progress;
import io.apus.spark.barrier.RankListener;
import io.apus.train.TrainResult;
import io.apus.train.log.RankLogs;
import io.apus.train.watch.StallFiles;
import io.apus.train.watch.Watchdog;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what rank 0 reports into a bar with loss, speed, memory and time left. */
final class TrainProgress implements RankListener {
    private static final Logger LOG = LoggerFactory.getLogger(TrainProgress.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final double GIB = 1L << 30;

    private final Progress progress;
    private final RankLogs logs;
    private final StallFiles stalls;
    private int attempts = 1;
    private long firstStep;
    private String instruments = "";
    private String evaluation = "";

    /** @param logs keep what the ranks print */
    TrainProgress(Progress progress, RankLogs logs) {
        this.logs = logs;
        this.stalls = new StallFiles(logs.folder());
        this.progress = progress;
    }

    void starting(int worldSize) {
        progress.begin("train: starting " + worldSize + (worldSize == 1 ? " rank" : " ranks"), 0);
    }

    synchronized int attempts() {
        return attempts;
    }

    @Override
    public synchronized void report(int rank, String line) {
        JsonNode message = parse(line);
        switch (message.path("type").asText()) {
            case "started", "resumed" -> started(message);
            case "step" -> stepped(message);
            case "log" -> logged(message);
            case "evaluation" -> evaluated(message);
            case Watchdog.TYPE -> stalls.accept(message).ifPresent(LOG::warn);
            default -> LOG.debug("rank {}: {}", rank, line);
        }
    }

    @Override
    public void log(int rank, String line) {
        logs.append(rank, line);
    }

    private void started(JsonNode message) {
        firstStep = message.path("step").asLong();
        long steps = message.path("max_steps").asLong();
        String from = firstStep == 0 ? "" : " from step " + firstStep + " of " + steps;
        progress.begin("train" + from, steps - firstStep);
    }

    private void stepped(JsonNode message) {
        long step = message.path("step").asLong();
        String note = String.format(
                Locale.ROOT,
                "step %d/%d  loss %.4f  %s tok/s%s%s",
                step,
                message.path("max_steps").asLong(),
                message.path("loss").asDouble(),
                thousands(message.path("tokens_per_second").asDouble()),
                instruments,
                evaluation);
        progress.update(step - firstStep, note);
    }

    /** Only log lines tell what the other ranks do: the bar shows what the last one said. */
    private void logged(JsonNode message) {
        StringBuilder text = new StringBuilder();
        JsonNode share = message.path("matrix_product_share");
        if (share.isNumber()) {
            text.append(String.format(Locale.ROOT, "  %.0f%% of peak", 100 * share.asDouble()));
        }
        long memory = 0;
        for (JsonNode rank : message.path("ranks")) {
            memory = Math.max(memory, rank.path("memory_bytes").asLong());
        }
        if (memory > 0) {
            text.append(String.format(Locale.ROOT, "  %.1f GiB/rank", memory / GIB));
        }
        instruments = text.toString();
    }

    private void evaluated(JsonNode message) {
        evaluation = String.format(
                Locale.ROOT, "  eval_loss %.4f", message.path("eval_loss").asDouble());
        LOG.info("evaluation {}", message);
    }

    @Override
    public synchronized void retried(int attempt, String reason) {
        attempts = attempt + 1;
        stalls.startedAgain();
        progress.end("lost " + reason);
        progress.begin("train: starting again (attempt " + (attempt + 1) + ")", 0);
    }

    @Override
    public void warning(String message) {
        LOG.warn(message);
    }

    void finished(TrainResult result) {
        String end = String.format(
                Locale.ROOT,
                "%d steps, loss %.4f, %s tok/s",
                result.steps(),
                result.trainLoss(),
                thousands(result.tokensPerSecond()));
        progress.end(
                Double.isNaN(result.evalLoss())
                        ? end
                        : end + String.format(Locale.ROOT, ", eval_loss %.4f", result.evalLoss()));
    }

    private static String thousands(double number) {
        return number < 1000
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1fk", number / 1000);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException("a report is a JSON object, this one is " + line, fault);
        }
    }
}
