package io.apus.spark.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * All that the tab shows of a run, as Spark's key-value store keeps it.
 *
 * @param run its key
 * @param begun milliseconds since 1970
 * @param seen of the newest report, in milliseconds since 1970
 * @param state "starting", "running", "ended", "stopped" or "failed"
 * @param attempts how often its ranks were started
 * @param step steps done
 * @param maxSteps steps of the whole run; 0 when not known yet
 * @param facts what does not change, in the order of the page
 * @param latest the newest log line's values that are no curves, as text
 * @param curves by the name of their value in the log lines
 * @param ranks the newest rows, by rank
 */
public record TrainingRun(
        String run,
        long begun,
        long seen,
        String state,
        int attempts,
        long step,
        long maxSteps,
        Map<String, String> facts,
        Map<String, String> latest,
        Map<String, Curve> curves,
        List<RankRow> ranks) {
    /** Memory of the rank that has most, in GiB. */
    static final String MEMORY = "memory_gib";

    @Override
    @KVIndex
    public String run() {
        return run;
    }

    static TrainingRun begin(String run, long time) {
        return new TrainingRun(run, time, time, "starting", 1, 0, 0, Map.of(), Map.of(), Map.of(), List.of());
    }

    /** This run after {@code report}; what it does not know it leaves alone. */
    TrainingRun after(long time, JsonNode report) {
        RunReport changes = new RunReport(report);
        Map<String, String> newFacts = merged(facts, changes.facts());
        Map<String, String> newLatest = merged(latest, changes.latest());
        Map<String, Curve> newCurves = new LinkedHashMap<>(curves);
        long at = changes.step(step);
        changes.points()
                .forEach((name, value) -> newCurves.put(
                        name, newCurves.getOrDefault(name, Curve.EMPTY).plus(at, value)));
        List<RankRow> rows = changes.ranks();
        return new TrainingRun(
                run,
                begun,
                time,
                changes.state(state),
                changes.attempts(attempts),
                at,
                changes.maxSteps(maxSteps),
                newFacts,
                newLatest,
                newCurves,
                rows.isEmpty() ? ranks : rows);
    }

    TrainingRun stopped() {
        return new TrainingRun(run, begun, seen, "stopped", attempts, step, maxSteps, facts, latest, curves, ranks);
    }

    private static Map<String, String> merged(Map<String, String> before, Map<String, String> newer) {
        if (newer.isEmpty()) {
            return before;
        }
        Map<String, String> all = new LinkedHashMap<>(before);
        all.putAll(newer);
        return all;
    }

    Curve curve(String name) {
        return curves.getOrDefault(name, Curve.EMPTY);
    }

    boolean over() {
        return !state.equals("starting") && !state.equals("running");
    }
}
