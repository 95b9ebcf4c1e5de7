package io.apus.bench.quant;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.bench.measure.OwnProcess;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.quant.Quantisers;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.measure.ProcessMemory;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Loads a base one way, trains an adapter on it for a few steps, and prints what that took. */
public final class QuantStep {
    private static final Path PEAK_RESET = Path.of("/proc/self/clear_refs");

    private QuantStep() {}

    /** Arguments: method, folder, tokens, steps, true for checkpointing, threads. */
    public static void main(String[] arguments) throws IOException {
        int steps = Integer.parseInt(arguments[3]);
        Torch.threads(Integer.parseInt(arguments[5]));
        QuantMethod method = QuantMethod.named(arguments[0]);
        try (DecoderModel model = DecoderModel.load(Path.of(arguments[1]), Quantisers.of(method.spec()))) {
            long loading = ProcessMemory.peak();
            Files.writeString(PEAK_RESET, "5");
            long linears = matrices(model).stream().mapToLong(Parameter::bytes).sum();
            long numbers = matrices(model).stream().mapToLong(Parameter::count).sum();
            long others = bytes(model) - linears;
            Tuners.of(TunerSpec.of("lora")).attach(model, 1);
            double[] seconds = new double[steps];
            double loss = train(model, Integer.parseInt(arguments[2]), Boolean.parseBoolean(arguments[4]), seconds);
            Arrays.sort(seconds);
            OwnProcess.print(linears, numbers, others, loading, ProcessMemory.peak(), seconds[steps / 2], loss);
        }
    }

    private static double train(DecoderModel model, int tokens, boolean checkpointed, double[] seconds) {
        List<Parameter> trained = model.parameters().values().stream()
                .filter(Parameter::trainable)
                .toList();
        SplittableRandom random = new SplittableRandom(tokens);
        long[] ids = random.longs(tokens, 0, model.config().vocabSize()).toArray();
        float[] weights = new float[tokens];
        Arrays.fill(weights, 1);
        double loss = 0;
        try (Optimiser optimiser = Optimisers.of(trained, new JsonMapper().convertValue(Map.of(), TrainSpec.class))) {
            for (int step = 0; step < seconds.length; step++) {
                long begin = System.nanoTime();
                try (Scope scope = Scope.open()) {
                    TokenBatch batch = TokenBatch.of(ids, tokens);
                    loss = new Backpropagation(model, checkpointed)
                            .step(batch, LinearCrossEntropy.of(batch, weights, 1.0 / tokens), step, GradientSink.none())
                            .meanLoss();
                }
                optimiser.step(1e-4);
                clear(trained);
                seconds[step] = (System.nanoTime() - begin) / 1e9;
            }
        }
        return loss;
    }

    private static void clear(List<Parameter> trained) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            trained.forEach(parameter -> parameter.gradientBuffer().zero_());
        }
    }

    /** What a quantiser takes: the linears of the layers, and the experts that lie in one tensor. */
    private static List<Parameter> matrices(DecoderModel model) {
        return Stream.concat(
                        model.projections().values().stream().flatMap(slot -> slot.get().parameters().stream()),
                        model.expertSlots().stream().flatMap(slot -> slot.parameters().stream()))
                .toList();
    }

    private static long bytes(DecoderModel model) {
        return model.parameters().values().stream()
                .mapToLong(parameter -> Torch.bytes(parameter.tensor()))
                .sum();
    }
}
