package io.apus.train;

import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.ReplicatedState;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.parallel.part.Holding;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a checkpoint holds of a run, by section. */
final class StateSections {
    /** The trained weights. */
    static final String PARAMETERS = "parameters";
    /** What the optimiser remembers between steps. */
    static final String OPTIMISER = "optimizer";
    /** What the tuner remembers between steps. */
    static final String TUNER = "tuner";

    private StateSections() {}

    static SortedMap<String, ShardedState> of(TrainedModel model, Holding holding, Collectives collectives) {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        sections.put(PARAMETERS, holding.weights(model.tensors()));
        sections.put(OPTIMISER, holding.memory());
        // Whatever of the model a rank has, its tuner remembers what all do: those that remember anything have no
        // stages.
        sections.put(TUNER, new ReplicatedState(model.remembered(), collectives));
        return sections;
    }
}
