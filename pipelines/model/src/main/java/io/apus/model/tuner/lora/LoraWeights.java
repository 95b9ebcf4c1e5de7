package io.apus.model.tuner.lora;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.RowChange;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.WeightMethod;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;

/**
 * Low-rank updates of weights that are no linears.
 *
 * @param changesBase whether the updates of linears start with a change of theirs
 */
record LoraWeights(LoraSettings settings, boolean changesBase) implements WeightMethod {
    @Override
    public void check() {
        List<String> faults = new ArrayList<>();
        if (settings.dora()) {
            faults.add("use_dora is for linears");
        }
        if (changesBase) {
            faults.add("init_weights " + settings.start() + " takes the start out of linears' weights");
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach adapter",
                    "target_modules names the embedding, and " + String.join("; ", faults),
                    "Leave one of them out.");
        }
    }

    /** A begins with zeros and B as torch's embeddings do; with init_weights false so does A. */
    @Override
    public RowChange beside(String module, Embedding embedding, GeneratorOptional generator) {
        long[] shape = embedding.weight().shape();
        LoraSettings own = settings.of(module);
        String down = module + LoraRows.DOWN;
        return new LoraRows(
                settings.start().equals(LoraStarts.FALSE)
                        ? InitialValues.normal(down, generator, 1, own.rank(), shape[0])
                        : InitialValues.constant(down, 0, own.rank(), shape[0]),
                InitialValues.normal(module + LoraRows.UP, generator, 1, shape[1], own.rank()),
                own.scale());
    }

    @Override
    public long trainable(String module, Embedding embedding) {
        long[] shape = embedding.weight().shape();
        return settings.of(module).rank() * (shape[0] + shape[1]);
    }
}
