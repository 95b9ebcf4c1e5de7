package io.apus.bench.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.bench.measure.Table;
import io.apus.bench.train.ModelSize;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Scope;
import io.apus.train.measure.ProcessMemory;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Live native objects and resident memory while a small model is trained for many steps on rows of changing shape. */
public final class SteadyMemory {
    private static final int TOKENS = 256;
    private static final int LINES = 5;

    private SteadyMemory() {}

    public static Table measure(String size, int steps) {
        Table table = new Table(
                "Memory over " + steps + " steps: " + size + ", rows of up to " + TOKENS + " tokens",
                "step",
                "live natives",
                "resident MB");
        ModelSize shape = ModelSize.named(size);
        SplittableRandom random = new SplittableRandom(3);
        try (DecoderModel model = DecoderModel.random(shape.config(), 1)) {
            List<Parameter> parameters = List.copyOf(model.parameters().values());
            parameters.forEach(parameter -> parameter.trainable(true));
            try (Optimiser optimiser =
                    Optimisers.of(parameters, new JsonMapper().convertValue(Map.of(), TrainSpec.class))) {
                for (int step = 1; step <= steps; step++) {
                    train(model, optimiser, random, shape.vocabSize());
                    if (step % (steps / LINES) == 0 || step == steps / LINES / 10) {
                        table.row(step, Scope.liveNatives(), ProcessMemory.resident() / 1e6);
                    }
                }
            }
        }
        return table;
    }

    private static void train(DecoderModel model, Optimiser optimiser, SplittableRandom random, int vocabSize) {
        int first = random.nextInt(2, TOKENS / 2);
        int second = random.nextInt(2, TOKENS / 2);
        long[] ids = random.longs(first + second, 0, vocabSize).toArray();
        float[] weights = new float[ids.length];
        Arrays.fill(weights, 1);
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(ids, first, second);
            new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, weights, 1.0 / ids.length), 0, GradientSink.none());
            optimiser.step(1e-4);
            model.parameters()
                    .values()
                    .forEach(parameter -> parameter.gradientBuffer().zero_());
        }
    }
}
