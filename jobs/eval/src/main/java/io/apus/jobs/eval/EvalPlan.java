package io.apus.jobs.eval;

import io.apus.eval.task.EvalItem;
import io.apus.jobs.eval.catalog.EvalCatalog;
import io.apus.jobs.eval.catalog.EvalRowReader;
import io.apus.jobs.eval.catalog.EvalRows;
import io.apus.schemas.catalog.EvalEntry;
import io.apus.schemas.spec.EvaluateSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is to measure.
 *
 * @param units in order
 * @param refused rows of the sets that cannot be measured, by reason
 */
record EvalPlan(List<EvalUnit> units, Map<String, Long> refused) {
    /** Prompts that generate in one batch; also the held-out rows of a unit. */
    private static final int BATCH = 8;

    /** @param heldOutRows rows of the validation shards */
    static EvalPlan of(EvaluateSpec spec, Path conf, long heldOutRows, List<EvalItem> heldOutSamples) {
        List<EvalUnit> units = new ArrayList<>();
        Map<String, Long> refused = new TreeMap<>();
        for (long row = 0; row < heldOutRows; row += BATCH) {
            units.add(EvalUnit.heldOut(row, (int) Math.min(BATCH, heldOutRows - row)));
        }
        addItems(units, heldOutSamples);
        int limit = spec.evalLimit() == null ? Integer.MAX_VALUE : spec.evalLimit();
        for (EvalEntry set : EvalCatalog.resolve(conf, spec.evalDataset())) {
            EvalRows rows = new EvalRowReader(set).read(limit);
            rows.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum));
            addItems(units, rows.items());
        }
        return new EvalPlan(units, refused);
    }

    private static void addItems(List<EvalUnit> units, List<EvalItem> items) {
        for (int begin = 0; begin < items.size(); begin += BATCH) {
            units.add(EvalUnit.of(items.subList(begin, Math.min(begin + BATCH, items.size()))));
        }
    }
}
