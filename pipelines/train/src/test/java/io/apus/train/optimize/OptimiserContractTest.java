package io.apus.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimiser must do, whatever its method. */
class OptimiserContractTest {
    private static final double RATE = 0.02;

    @TempDir
    private Path folder;

    static List<OptimiserCase> cases() {
        return OptimiserCase.all();
    }

    @BeforeEach
    void oneThread() {
        Torch.threads(1);
    }

    @Test
    void theNamesAreThoseThatOptionsAllow() {
        assertThat(Optimisers.names()).containsExactlyInAnyOrderElementsOf(TrainSpec.OPTIMISERS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void savedAndLoadedItGoesOnInEveryBit(OptimiserCase each) {
        try (Weights straight = new Weights();
                Optimiser first = Optimisers.of(straight.list(), each.spec());
                Weights resumed = new Weights();
                Optimiser second = Optimisers.of(resumed.list(), each.spec())) {
            run(straight, first, 0, 5);
            Path file = folder.resolve("state.safetensors");
            SafeTensorsWriter.write(file, first.state(), Map.of());
            resumed.copy(straight);
            load(file, second);

            run(straight, first, 5, 5);
            run(resumed, second, 5, 5);

            assertThat(resumed.values()).isEqualTo(straight.values());
            assertThat(values(second)).isEqualTo(values(first));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatItRemembersTakesTheBytesThatWerePlanned(OptimiserCase each) {
        try (Weights weights = new Weights();
                Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
            long held =
                    optimiser.state().values().stream().mapToLong(Torch::bytes).sum();
            run(weights, optimiser, 0, 3);

            assertThat(optimiser.state().values().stream()
                            .mapToLong(Torch::bytes)
                            .sum())
                    .isEqualTo(held);
            assertThat(Optimisers.stateBytes(weights.shapes(), each.spec())).isEqualTo(held);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itGoesDownhill(OptimiserCase each) {
        try (Weights weights = new Weights();
                Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
            double before = weights.distance();
            for (int step = 0; step < 60; step++) {
                weights.pull(1);
                optimiser.step(RATE * (1 - step / 60.0));
            }
            try (Optimiser.Swapped kept = optimiser.evaluated()) {
                assertThat(weights.distance()).isLessThan(0.9 * before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withoutGradientNothingMovesButWhatDecays(OptimiserCase each) {
        try (Weights weights = new Weights();
                Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
            weights.pull(0);
            Map<String, List<Float>> before = weights.values();
            optimiser.step(RATE);

            Map<String, List<Float>> after = weights.values();
            after.forEach((name, now) -> {
                assertThat(now).as(name).noneMatch(value -> value.isNaN() || value.isInfinite());
                if (!WeightDecay.appliesTo(name)) {
                    assertThat(now).as(name).isEqualTo(before.get(name));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void frozenParametersStayAsTheyAre(OptimiserCase each) {
        try (Weights weights = new Weights();
                Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
            weights.list().get(0).trainable(false);
            Map<String, List<Float>> before = weights.values();
            Map<String, List<Float>> states = values(optimiser);
            weights.pull(1);
            optimiser.step(RATE);

            String frozen = weights.list().get(0).name();
            assertThat(weights.values().get(frozen)).isEqualTo(before.get(frozen));
            Map<String, List<Float>> later = values(optimiser);
            states.keySet().stream()
                    .filter(name -> name.endsWith(frozen))
                    .forEach(name -> assertThat(later.get(name)).as(name).isEqualTo(states.get(name)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theWeightsToTrainOnComeBackInEveryBit(OptimiserCase each) {
        try (Weights weights = new Weights();
                Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
            // RAdam's first steps move nothing.
            run(weights, optimiser, 0, 8);
            Map<String, List<Float>> trained = weights.values();
            try (Optimiser.Swapped kept = optimiser.evaluated()) {
                boolean averages = each.name().startsWith("schedule_free");
                assertThat(weights.values().equals(trained)).isEqualTo(!averages);
            }
            assertThat(weights.values()).isEqualTo(trained);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTensorIsFreed(OptimiserCase each) {
        long before = 0;
        for (int round = 0; round < 2; round++) {
            before = Scope.liveNatives();
            try (Weights weights = new Weights();
                    Optimiser optimiser = Optimisers.of(weights.list(), each.spec())) {
                run(weights, optimiser, 0, 3);
                try (Optimiser.Swapped kept = optimiser.evaluated()) {
                    weights.values();
                }
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRatioIsALargerRate(OptimiserCase each) {
        try (Weights scaled = new Weights();
                Optimiser first = Optimisers.of(scaled.list(), each.spec(), parameter -> 3);
                Weights plain = new Weights();
                Optimiser second = Optimisers.of(plain.list(), each.spec())) {
            scaled.noise(1);
            plain.noise(1);
            first.step(RATE);
            second.step(RATE * 3);

            assertThat(scaled.values()).isEqualTo(plain.values());
        }
    }

    private static void run(Weights weights, Optimiser optimiser, int from, int steps) {
        for (int step = from; step < from + steps; step++) {
            weights.noise(step);
            optimiser.step(RATE / (step + 1));
        }
    }

    private static void load(Path file, Optimiser optimiser) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                SafeTensorsFile saved = SafeTensorsFile.open(file)) {
            assertThat(saved.names()).isEqualTo(optimiser.state().keySet());
            optimiser.state().forEach((name, tensor) -> tensor.copy_(saved.tensor(name)));
        }
    }

    private static Map<String, List<Float>> values(Optimiser optimiser) {
        Map<String, List<Float>> values = new TreeMap<>();
        optimiser.state().forEach((name, tensor) -> values.put(name, floats(tensor)));
        return values;
    }

    private static List<Float> floats(Tensor tensor) {
        List<Float> values = new ArrayList<>();
        for (float value : Torch.toFloats(tensor)) {
            values.add(value);
        }
        return values;
    }

    /** Weights of the kinds that a model has, drawn to targets of their own. */
    private static final class Weights implements AutoCloseable {
        private final List<Parameter> parameters = new ArrayList<>();

        Weights() {
            Torch.seed(5);
            add("model.layers.0.mlp.up_proj.weight", 96, 48);
            add("model.layers.0.mlp.down_proj.weight", 40, 130);
            add("model.embed_tokens.weight", 90, 48);
            add("model.layers.0.self_attn.q_proj.lora_A.weight", 4, 48);
            add("model.layers.0.self_attn.q_proj.bias", 48);
            add("model.norm.weight", 48);
            add("lm_head.weight", 90, 48);
        }

        private void add(String name, long... shape) {
            try (Scope scope = Scope.open()) {
                Parameter parameter = new Parameter(name, torch.randn(shape));
                parameter.trainable(true);
                parameters.add(parameter);
            }
        }

        List<Parameter> list() {
            return parameters;
        }

        Map<String, long[]> shapes() {
            Map<String, long[]> shapes = new TreeMap<>();
            parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
            return shapes;
        }

        Map<String, List<Float>> values() {
            Map<String, List<Float>> values = new TreeMap<>();
            parameters.forEach(parameter -> values.put(parameter.name(), floats(parameter.tensor())));
            return values;
        }

        void copy(Weights other) {
            try (NoGrad guard = Torch.noGrad()) {
                for (int i = 0; i < parameters.size(); i++) {
                    parameters.get(i).tensor().copy_(other.parameters.get(i).tensor());
                }
            }
        }

        /** Gradients that depend on the step alone. */
        void noise(int step) {
            Torch.seed(1000L + step);
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                parameters.forEach(parameter -> {
                    Tensor gradient = parameter.gradientBuffer();
                    gradient.copy_(torch.randn(parameter.shape()));
                });
            }
        }

        /** Gradients of half the squared distance to zero, times {@code strength}. */
        void pull(double strength) {
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                parameters.forEach(parameter -> {
                    Tensor gradient = parameter.gradientBuffer();
                    gradient.copy_(parameter.tensor().mul(Torch.scalar(strength)));
                });
            }
        }

        double distance() {
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                return parameters.stream()
                        .mapToDouble(
                                parameter -> parameter.tensor().square().sum().item_double())
                        .sum();
            }
        }

        @Override
        public void close() {
            parameters.forEach(parameter -> {
                parameter.clearGradient();
                parameter.close();
            });
        }
    }
}
