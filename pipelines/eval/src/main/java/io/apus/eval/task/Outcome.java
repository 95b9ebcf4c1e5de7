package io.apus.eval.task;

import io.apus.schemas.data.Score;
import java.util.List;

/**
 * What became of one item: its scores, or why it has none.
 *
 * @param task evaluation set
 * @param item id of the item
 * @param scores one per metric; empty if refused
 * @param refusal reason code, or null: {@code over_long} or {@code no_targets}
 */
public record Outcome(String task, String item, List<Score> scores, String refusal) {
    public static final String OVER_LONG = "over_long";
    public static final String NO_TARGETS = "no_targets";

    public static Outcome scored(String task, String item, List<Score> scores) {
        return new Outcome(task, item, List.copyOf(scores), null);
    }

    public static Outcome refused(String task, String item, String reason) {
        return new Outcome(task, item, List.of(), reason);
    }
}
