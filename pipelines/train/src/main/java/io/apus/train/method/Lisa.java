package io.apus.train.method;

import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.LisaSpec;
import io.apus.train.loop.BeforeStep;
import io.apus.train.order.Mixing;
import io.apus.train.order.Shuffle;
import java.util.List;
import java.util.stream.IntStream;

/**
 * LISA (Pan et al., 2024): of all layers only some learn at a time, others after every interval; embedding, last norm and head always
 * do. Which ones follows from the run's seed and the step alone. What the optimiser remembers of a layer waits until its next turn.
 */
public final class Lisa implements BeforeStep {
    /** Keeps the draws apart from the order of the rows, which comes from the same seed. */
    private static final long APART = 0x4C495341;

    private final List<List<Parameter>> layers;
    private final LisaSpec spec;
    private final long seed;

    /**
     * @param layers what each layer could train
     * @throws UserError when more layers are wanted than there are
     */
    public Lisa(List<List<Parameter>> layers, LisaSpec spec, long seed) {
        if (spec.lisaActivatedLayers() > layers.size()) {
            throw new UserError(
                    "Cannot train with LISA",
                    "lisa_activated_layers is " + spec.lisaActivatedLayers() + ", the model has " + layers.size()
                            + " layers",
                    "Give a smaller number.");
        }
        this.layers = List.copyOf(layers);
        this.spec = spec;
        this.seed = Mixing.derive(seed, APART);
    }

    /** The layers that learn at {@code step}, ascending. */
    int[] active(int step) {
        int[] order = Shuffle.permutation(layers.size(), seed, step / spec.lisaStepInterval());
        return IntStream.of(order).limit(spec.lisaActivatedLayers()).sorted().toArray();
    }

    @Override
    public void prepare(int step) {
        int[] active = active(step);
        for (int i = 0; i < layers.size(); i++) {
            int layer = i;
            boolean learns = IntStream.of(active).anyMatch(one -> one == layer);
            layers.get(i).forEach(parameter -> parameter.trainable(learns));
        }
    }
}
