package io.apus.bench.gpu;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.bench.train.Batch;
import io.apus.model.DecoderModel;
import io.apus.model.Precision;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import io.apus.train.reduce.GradientBuckets;
import io.apus.train.reduce.WireType;
import java.util.List;
import java.util.Map;

/** One rank's whole training step on a device: forward, backward, norm of the gradients, optimiser. */
final class DeviceStep implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-5;
    private static final long SEED = 1;

    private final DecoderModel model;
    private final GradientBuckets buckets;
    private final Optimiser optimiser;
    private final Collectives alone = Collectives.alone();

    /** A random model of {@code shape}, trained by {@code tuner}; what learns is kept as {@code precision} says. */
    DeviceStep(QwenShape shape, String tuner, Device device, Precision precision) {
        model = DecoderModel.random(shape.config(), SEED, device, start(tuner, precision));
        try {
            Tuners.of(TunerSpec.of(tuner)).attach(model, SEED);
            model.place(device, precision);
            List<Parameter> learned = model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .toList();
            buckets = new GradientBuckets(learned, alone, GradientBuckets.bucketBytes(learned), WireType.FLOAT32);
            optimiser = Optimisers.of(learned, new JsonMapper().convertValue(Map.of(), TrainSpec.class));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** In full tuning every matrix learns: made in that type at once, it need not be copied. */
    private static Precision start(String tuner, Precision precision) {
        return tuner.equals("full")
                ? new Precision(precision.learned(), precision.learned(), precision.products())
                : precision;
    }

    /** One step; returns the mean loss. */
    double run(Batch batch, boolean checkpointed) {
        double loss;
        buckets.clear();
        try (Scope scope = Scope.open()) {
            TokenBatch tensors = batch.tensors();
            double targets = LinearCrossEntropy.targetWeight(tensors, batch.weights());
            loss = new Backpropagation(model, checkpointed)
                    .step(
                            tensors,
                            LinearCrossEntropy.of(tensors, batch.weights(), 1 / targets),
                            SEED,
                            buckets.pass(true))
                    .meanLoss();
        }
        buckets.finish();
        double norm = buckets.norm();
        buckets.multiply(Math.min(1, 1 / (norm + 1e-6)));
        optimiser.step(LEARNING_RATE);
        return loss;
    }

    DecoderModel model() {
        return model;
    }

    @Override
    public void close() {
        optimiser.close();
        buckets.close();
        alone.close();
        model.close();
    }
}
