package io.apus.train;

import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.ReplicatedState;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.parallel.ModelShare;
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

    static SortedMap<String, ShardedState> of(
            TrainedModel model, Optimiser optimiser, ModelShare share, Collectives collectives) {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        if (share.divided()) {
            sections.put(PARAMETERS, share.state(model.trained(), model.tensors()));
            sections.put(OPTIMISER, share.state(model.trained(), optimiser.state()));
            return sections;
        }
        sections.put(PARAMETERS, new ReplicatedState(model.tensors(), collectives));
        sections.put(OPTIMISER, new ReplicatedState(optimiser.state(), collectives));
        sections.put(TUNER, new ReplicatedState(model.tuner().state(model.model()), collectives));
        return sections;
    }
}
