package io.apus.model.tuner.lora;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.RowChange;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.Places;
import io.apus.model.tuner.method.WeightMethod;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
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
    public void check(Places places) {
        List<String> faults = new ArrayList<>();
        if (settings.dora()) {
            faults.add("use_dora is for linears");
        }
        if (changesBase) {
            faults.add("init_weights " + settings.start() + " takes the start out of linears' weights");
        }
        if (!places.experts().isEmpty() && settings.dropout() > 0) {
            faults.add("lora_dropout is " + settings.dropout() + ", where no input is to drop from");
        }
        if (!places.experts().isEmpty() && settings.allBiases()) {
            faults.add("lora_bias all would train biases of the experts");
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach adapter",
                    (places.experts().isEmpty() ? "target_modules names the embedding" : "target_parameters is given")
                            + ", and " + String.join("; ", faults),
                    places.experts().isEmpty()
                            ? "Leave one of them out."
                            : "Set lora_dropout 0 and leave the others out.");
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

    @Override
    public ExpertChange beside(Places.ExpertPlace place, GeneratorOptional generator) {
        Shape shape = Shape.of(place, settings);
        LoraSettings own = settings.of(place.slot().name());
        try (Scope scope = Scope.open()) {
            LoraStart.Values values =
                    new RandomStart(own).of(shape.rank(), shape.inFeatures(), shape.outFeatures(), generator);
            LowRank update = LowRank.of(place.module(), values.down(), values.up());
            return shape.stacked()
                    ? new LoraStack(update, place.count(), own.scale())
                    : new LoraExperts(update, place.count(), own.scale());
        }
    }

    @Override
    public long trainable(Places.ExpertPlace place) {
        Shape shape = Shape.of(place, settings);
        return shape.rank() * (shape.inFeatures() + shape.outFeatures());
    }

    /**
     * What PEFT takes a weight of experts for.
     *
     * @param rank of all experts together
     * @param stacked whether it is one matrix
     */
    private record Shape(int rank, long inFeatures, long outFeatures, boolean stacked) {
        static Shape of(Places.ExpertPlace place, LoraSettings settings) {
            long[] shape = place.slot().shape();
            int rank = settings.of(place.slot().name()).rank();
            return shape.length == 3
                    ? new Shape(Math.toIntExact(rank * shape[0]), shape[1], shape[2], false)
                    : new Shape(rank, shape[1], shape[0], true);
        }
    }
}
