package io.apus.eval.task;

import io.apus.model.DecoderModel;
import java.util.List;

/** A way of measuring a model on items of an evaluation set. */
public interface EvalKind {
    /**
     * Measures the items together, as far as that saves time. What it returns may depend on the items, their order and the options, on
     * nothing else.
     *
     * @return one outcome per item, in order
     */
    List<Outcome> score(DecoderModel model, TextCodec codec, EvalOptions options, List<EvalItem> items);
}
