package io.apus.jobs.eval.catalog;

import io.apus.eval.task.EvalItem;
import java.util.List;
import java.util.Map;

/**
 * The rows of an evaluation set.
 *
 * @param items what can be measured
 * @param refused how many rows cannot, by reason
 */
public record EvalRows(List<EvalItem> items, Map<String, Long> refused) {
    public EvalRows {
        items = List.copyOf(items);
        refused = Map.copyOf(refused);
    }
}
