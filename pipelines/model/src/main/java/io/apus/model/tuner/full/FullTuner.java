package io.apus.model.tuner.full;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.quant.QuantisedLinear;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Trains every parameter of the model itself. */
public final class FullTuner implements Tuner {
    /** What transformers shards at. */
    private static final long MAX_SHARD_BYTES = 5_000_000_000L;

    private FullTuner() {}

    public static Tuner of(TunerSpec spec) {
        return new FullTuner();
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        return OptionalLong.of(config.parameterCount());
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        QuantisedLinear.refuseIn(model.projections().values(), "Cannot train every parameter");
        model.parameters().values().forEach(parameter -> parameter.trainable(true));
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        throw new UserError("Cannot load " + folder, "it is a whole model and no adapter", "Name it as the model.");
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
