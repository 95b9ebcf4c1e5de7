package io.apus.train;

import io.apus.train.checkpoint.ShardedState;
import io.apus.train.parallel.ModelShare;
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

    static SortedMap<String, ShardedState> of(TrainedModel model, Holding holding, ModelShare share) {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        sections.put(PARAMETERS, holding.weights(model.tensors()));
        sections.put(OPTIMISER, holding.memory());
        sections.put(TUNER, share.kept(model.trained(), model.remembered()));
        return sections;
    }
}
