package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;

/** Trains every parameter of the model itself. */
final class FullTuner implements Tuner {
    /** What transformers shards at. */
    private static final long MAX_SHARD_BYTES = 5_000_000_000L;

    private FullTuner() {}

    static Tuner of(TunerSpec spec) {
        return new FullTuner();
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        model.parameters().values().forEach(parameter -> parameter.trainable(true));
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        model.save(folder, MAX_SHARD_BYTES);
    }

    @Override
    public void merge(DecoderModel model) {
        // The model's own weights are what was trained.
    }
}
