package io.apus.spark.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.spark.barrier.RankListener;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;

/**
 * Passes what rank 0 reports on to Spark's listener bus: to the tab "Training" of the driver's pages, to the metrics, and to the event
 * log. Log lines are thinned, so that a run of days does not swell the event log: at first one a second, later fewer.
 */
public final class TrainingFeed implements RankListener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PASSED = Set.of("started", "resumed", "evaluation", "checkpoint", "ended");
    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);
    private static final int LINES_OF_A_RUN = 1000;

    private final SparkContext context;
    private final LongSupplier nanoTime;
    private final String run = "training-" + UUID.randomUUID();
    private final long begun;
    private long posted;
    private JsonNode waiting;
    private boolean over;

    private TrainingFeed(SparkContext context, LongSupplier nanoTime) {
        this.context = context;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.posted = begun - SHORTEST;
    }

    /**
     * Begins a run in the pages of {@code context}.
     *
     * @param facts what it is, in the order in which to show it; "name" is what tells it from other runs
     */
    public static TrainingFeed open(SparkContext context, Map<String, String> facts) {
        return open(context, facts, System::nanoTime);
    }

    static TrainingFeed open(SparkContext context, Map<String, String> facts, LongSupplier nanoTime) {
        LiveTraining.in(context);
        TrainingFeed feed = new TrainingFeed(context, nanoTime);
        ObjectNode report = typed(RunReport.FACTS);
        facts.forEach(report::put);
        feed.post(report);
        return feed;
    }

    @Override
    public synchronized void report(int rank, String line) {
        JsonNode report = parsed(line);
        String type = report.path("type").asText();
        if (type.equals("log")) {
            waiting = report;
            if (nanoTime.getAsLong() - posted >= interval()) {
                flush();
            }
        } else if (PASSED.contains(type)) {
            flush();
            over = over || type.equals("ended");
            post(report);
        }
    }

    private long interval() {
        return Math.max(SHORTEST, Math.min(LONGEST, (nanoTime.getAsLong() - begun) / LINES_OF_A_RUN));
    }

    @Override
    public synchronized void retried(int attempt, String reason) {
        post(typed("retried").put("attempts", attempt + 1).put("reason", reason));
    }

    /** The run came to its end: so its ranks say themselves where their reports reach the driver. */
    public synchronized void ended() {
        if (!over) {
            flush();
            over = true;
            post(typed("ended"));
        }
    }

    /** The run has failed, for what {@code reason} says. */
    public synchronized void failed(String reason) {
        flush();
        over = true;
        post(typed("failed").put("reason", reason));
    }

    /** The end; a run that has not said that it ended was stopped. */
    @Override
    public synchronized void close() {
        flush();
        if (!over) {
            post(typed("stopped"));
        }
    }

    private void flush() {
        if (waiting != null) {
            post(waiting);
            waiting = null;
            posted = nanoTime.getAsLong();
        }
    }

    private void post(JsonNode report) {
        if (!context.isStopped()) {
            context.listenerBus().post(new TrainingEvent(run, System.currentTimeMillis(), report));
        }
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException("a report is a JSON object, this one is " + line, fault);
        }
    }
}
