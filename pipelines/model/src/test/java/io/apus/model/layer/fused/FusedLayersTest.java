package io.apus.model.layer.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fused layer gives the results and gradients of the operators that it stands for. */
class FusedLayersTest {
    private static final long TOKENS = 9;
    private static final double EPS = 1e-6;
    /** Sums of at most a hundred products of numbers around one, in float32. */
    private static final float ROUNDING = 5e-6f;

    /** One way with the operators that libtorch differentiates itself, one with ours. */
    private record Case(
            String name,
            List<long[]> shapes,
            Function<List<Tensor>, Tensor> plain,
            Function<List<Tensor>, Tensor> fused) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(norm(TOKENS, 24), norm(TOKENS, 3, 8), rotation(false), rotation(true), gate());
    }

    private static Case norm(long... shape) {
        long[] last = {shape[shape.length - 1]};
        return new Case(
                "norm of " + shape.length + " dimensions",
                List.of(shape, last),
                in -> torch.rms_norm(in.get(0), last, new TensorOptional(in.get(1)), new DoubleOptional(EPS)),
                in -> FusedRmsNorm.forward(in.get(0), in.get(1), EPS));
    }

    private static Case gate() {
        return new Case(
                "gate",
                List.of(new long[] {TOKENS, 12}, new long[] {TOKENS, 12}),
                in -> torch.silu(in.get(0)).mul(in.get(1)),
                in -> FusedGate.forward(in.get(0), in.get(1)));
    }

    private static Case rotation(boolean interleaved) {
        return new Case(
                interleaved ? "rotation of neighbours" : "rotation of halves",
                List.of(new long[] {TOKENS, 3, 8}),
                in -> in.get(0).mul(cosine()).addcmul(partners(in.get(0), interleaved), sine(interleaved)),
                in -> FusedRotation.forward(in.get(0), cosine(), sine(interleaved), interleaved));
    }

    private static Tensor partners(Tensor states, boolean interleaved) {
        return interleaved
                ? states.reshape(TOKENS, 3, 4, 2).flip(3).reshape(TOKENS, 3, 8)
                : states.roll(new long[] {4}, 2);
    }

    private static Tensor cosine() {
        return random(5, TOKENS, 1, 8);
    }

    /** The first member of each pair gets the negative of the second's. */
    private static Tensor sine(boolean interleaved) {
        Tensor half = random(6, TOKENS, 1, 4);
        return interleaved
                ? torch.stack(new TensorVector(half.neg(), half), 3).reshape(TOKENS, 1, 8)
                : torch.cat(new TensorVector(half.neg(), half), 2);
    }

    private static Tensor random(long seed, long... shape) {
        Torch.seed(seed);
        return Torch.zeros(shape).normal_();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheOperatorsItStandsFor(Case one) {
        try (Scope scope = Scope.open()) {
            List<float[]> plain =
                    results(one.shapes(), one.plain(), one.shapes().size());
            List<float[]> fused =
                    results(one.shapes(), one.fused(), one.shapes().size());

            assertThat(fused).hasSameSizeAs(plain);
            for (int i = 0; i < plain.size(); i++) {
                assertThat(fused.get(i)).as("result or gradient " + i).containsExactly(plain.get(i), within(ROUNDING));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesAnInputItsGradientWhereTheOthersAreFrozen(Case one) {
        try (Scope scope = Scope.open()) {
            List<float[]> plain = results(one.shapes(), one.plain(), 1);
            List<float[]> fused = results(one.shapes(), one.fused(), 1);

            assertThat(fused.get(1)).containsExactly(plain.get(1), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void keepsNothingWhetherTheWayBackIsTakenOrNot(Case one) {
        pass(one, true);
        pass(one, false);
        long before = Scope.liveNatives();
        pass(one, true);
        pass(one, false);

        assertThat(Scope.liveNatives()).isEqualTo(before);
    }

    @Test
    void takesRowsOfFloatsAlone() {
        try (Scope scope = Scope.open()) {
            Tensor rows = random(1, 4, 6);
            Tensor factor = random(2, 6);

            assertThat(FusedRmsNorm.takes(rows, factor)).isTrue();
            assertThat(FusedRmsNorm.takes(rows.to(torch.ScalarType.BFloat16), factor))
                    .isFalse();
            assertThat(FusedRmsNorm.takes(random(1, 6, 4).t(), factor)).isFalse();
            assertThat(FusedRmsNorm.takes(rows.narrow(0, 0, 0), factor)).isFalse();
        }
    }

    private static void pass(Case one, boolean back) {
        try (Scope scope = Scope.open();
                CustomGradients owner = new CustomGradients();
                CustomGradients.Use hooks = owner.use()) {
            Tensor result = one.fused().apply(inputs(one.shapes(), one.shapes().size()));
            if (back) {
                result.sum().backward();
            }
        }
    }

    private static List<Tensor> inputs(List<long[]> shapes, int learning) {
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.add(random(i, shapes.get(i)).requires_grad_(i < learning));
        }
        return inputs;
    }

    /** The result and the gradients of the first {@code learning} inputs. */
    private static List<float[]> results(List<long[]> shapes, Function<List<Tensor>, Tensor> layer, int learning) {
        try (CustomGradients owner = new CustomGradients();
                CustomGradients.Use hooks = owner.use()) {
            List<Tensor> inputs = inputs(shapes, learning);
            Tensor result = layer.apply(inputs);
            result.backward(random(9, Torch.shape(result)), new BoolOptional(), false, new TensorArrayRefOptional());
            List<float[]> all = new ArrayList<>(List.of(Torch.toFloats(result)));
            inputs.stream()
                    .filter(Tensor::requires_grad)
                    .forEach(input -> all.add(Torch.toFloats(new Tensor(input.grad()))));
            return all;
        }
    }
}
