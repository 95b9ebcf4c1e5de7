package io.apus.jobs.eval;

import io.apus.eval.task.EvalKinds;
import io.apus.eval.task.EvalOptions;
import io.apus.eval.task.HeldOut;
import io.apus.eval.task.Outcome;
import io.apus.eval.task.TextCodec;
import io.apus.model.DecoderModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * What a task does with its share of the units.
 *
 * @param source the model
 * @param codec how text becomes tokens
 * @param shards folder of the held-out rows
 */
record EvalWork(ModelSource source, CodecSettings codec, String shards, int maxNewTokens, double temperature, long seed)
        implements FlatMapFunction<Iterator<String>, String> {
    private static final long serialVersionUID = 1L;

    /** Units as JSON in, outcomes as JSON out. */
    @Override
    public Iterator<String> call(Iterator<String> units) {
        List<String> outcomes = new ArrayList<>();
        if (units.hasNext()) {
            try (LoadedModels.Lease lease = LoadedModels.SHARED.acquire(source)) {
                ChatCodec text = ChatCodec.open(Path.of(source.tokenizer()), codec);
                HeldOutRows rows = new HeldOutRows(Path.of(shards));
                while (units.hasNext()) {
                    EvalUnit unit = EvalUnit.fromJson(units.next());
                    measure(unit, lease.model(), text, rows).forEach(outcome -> outcomes.add(EvalUnit.toJson(outcome)));
                }
            }
        }
        return outcomes.iterator();
    }

    private List<Outcome> measure(EvalUnit unit, DecoderModel model, TextCodec text, HeldOutRows rows) {
        if (unit.rows() == 0) {
            EvalOptions options = new EvalOptions(maxNewTokens, temperature, seed);
            return EvalKinds.REGISTRY.get(unit.items().get(0).kind()).score(model, text, options, unit.items());
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (long row = unit.firstRow(); row < unit.firstRow() + unit.rows(); row++) {
            outcomes.addAll(HeldOut.score(model, rows.row(row)));
        }
        return outcomes;
    }
}
