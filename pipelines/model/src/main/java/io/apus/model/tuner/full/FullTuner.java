package io.apus.model.tuner.full;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.FreezeSpec;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Trains the parameters of the model itself: all of them, but for those that are to be frozen. */
public final class FullTuner implements Tuner {
    /** What transformers shards at. */
    private static final long MAX_SHARD_BYTES = 5_000_000_000L;

    private final FreezeSpec freeze;

    private FullTuner(FreezeSpec freeze) {
        this.freeze = freeze;
    }

    public static Tuner of(TunerSpec spec) {
        return new FullTuner(spec.freeze());
    }

    @Override
    public SortedMap<String, long[]> trainedShapes(ModelConfig config) {
        SortedMap<String, long[]> shapes = new TreeMap<>(config.shapes());
        Map<String, Long> counts = new TreeMap<>();
        shapes.forEach((name, shape) -> counts.put(name, LongStream.of(shape).reduce(1, Math::multiplyExact)));
        shapes.keySet().retainAll(Freezing.trained(freeze, counts));
        return shapes;
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        return OptionalLong.of(trainedShapes(config).values().stream()
                .mapToLong(shape -> LongStream.of(shape).reduce(1, Math::multiplyExact))
                .sum());
    }

    @Override
    public boolean needsFloats() {
        return true;
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        model.requireFloats("Cannot train every parameter");
        Map<String, Long> counts = new TreeMap<>();
        model.parameters().forEach((name, parameter) -> counts.put(name, parameter.count()));
        Set<String> trained = Freezing.trained(freeze, counts);
        model.parameters().forEach((name, parameter) -> parameter.trainable(trained.contains(name)));
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        throw new UserError("Cannot load " + folder, "it is a whole model and no adapter", "Name it as the model.");
    }

    @Override
    public boolean keepsTokenRows() {
        return true;
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
