package io.apus.tensor.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CustomGradientsTest {
    @Test
    void usesTheGivenGradientWhateverTheShapes() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients()) {
            Tensor input = Torch.floats(1, 2, 3).requires_grad_(true);
            Tensor doubled = input.mul(Torch.scalar(2));
            Tensor firstTwo = own.apply(
                    doubled, x -> x.narrow(0, 0, 2).clone(), g -> torch.cat(new TensorVector(g, Torch.floats(0)), 0));
            firstTwo.mul(Torch.floats(10, 100)).sum().backward();

            assertThat(Torch.toFloats(firstTwo.detach())).containsExactly(2, 4);
            assertThat(Torch.toFloats(new Tensor(input.grad()))).containsExactly(20, 200, 0);
            assertThat(own.waiting()).isZero();
        }
    }

    @Test
    void givesEveryInputItsOwnGradient() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients()) {
            Tensor a = Torch.floats(2, 3).requires_grad_(true);
            Tensor b = Torch.floats(5).requires_grad_(true);
            Tensor frozen = Torch.floats(7);
            Tensor value = Torch.floats(1, 1);
            Tensor result = own.tie(
                    value,
                    List.of(a, b, frozen),
                    g -> List.of(
                            g.mul(Torch.scalar(3)), g.sum().view(1), g.sum().view(1)));
            result.sum().backward();

            assertThat(Torch.toFloats(new Tensor(a.grad()))).containsExactly(3, 3);
            assertThat(Torch.toFloats(new Tensor(b.grad()))).containsExactly(2);
            assertThat(frozen.requires_grad()).isFalse();
        }
    }

    @Test
    void inputsOfAllShapesReachResultsOfAllShapes() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients()) {
            List<Tensor> inputs = List.of(Torch.zeros(2, 3), Torch.zeros(2, 3), Torch.zeros(3), Torch.zeros(2, 1, 5));
            inputs.forEach(input -> input.requires_grad_(true));
            for (Tensor result : List.of(Torch.zeros(2, 3), Torch.zeros(4), Torch.zeros(), Torch.zeros(0, 3))) {
                own.tie(result, inputs, g -> inputs.stream()
                                .map(torch::ones_like)
                                .toList())
                        .sum()
                        .backward();
            }
            for (Tensor input : inputs) {
                assertThat(Torch.toFloats(new Tensor(input.grad()))).containsOnly(4);
            }
        }
    }

    @Test
    void operationsWithoutAnOwnerBelongToWhoeverIsInUse() {
        try (Scope scope = Scope.open();
                CustomGradients outer = new CustomGradients();
                CustomGradients inner = new CustomGradients()) {
            List<Tensor> inputs = List.of(Torch.floats(1).requires_grad_(true));
            assertThat(CustomGradients.served(inputs)).isFalse();
            assertThat(CustomGradients.served(List.of(Torch.floats(1)))).isTrue();
            try (CustomGradients.Use first = outer.use()) {
                try (CustomGradients.Use second = inner.use()) {
                    CustomGradients.tied(Torch.floats(2), inputs, inputs, g -> List.of(g));
                }
                assertThat(CustomGradients.served(inputs)).isTrue();
            }
            assertThat(CustomGradients.served(inputs)).isFalse();
            assertThat(List.of(outer.waiting(), inner.waiting())).containsExactly(0, 1);
        }
    }

    @Test
    void infiniteInputsDoNotSpoilTheResult() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients()) {
            Tensor input = Torch.floats(Float.POSITIVE_INFINITY, Float.NaN).requires_grad_(true);
            Tensor result = own.apply(input, x -> Torch.floats(4), g -> Torch.floats(1, 2));
            result.sum().backward();

            assertThat(Torch.toFloats(result.detach())).containsExactly(4);
            assertThat(Torch.toFloats(new Tensor(input.grad()))).containsExactly(1, 2);
        }
    }

    @Test
    void tiesNothingWhereNoGraphIsRecorded() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients();
                NoGrad guard = Torch.noGrad()) {
            Tensor input = Torch.floats(1).requires_grad_(true);
            Tensor result = own.apply(input, x -> x.clone(), g -> g);

            assertThat(result.requires_grad()).isFalse();
            assertThat(own.waiting()).isZero();
        }
    }

    @Test
    void anErrorInTheBackwardPassReachesTheCaller() {
        try (Scope scope = Scope.open();
                CustomGradients own = new CustomGradients()) {
            Tensor input = Torch.floats(1).requires_grad_(true);
            Tensor result = own.apply(input, x -> x.clone(), g -> {
                throw new IllegalStateException("a rank is lost");
            });

            assertThatThrownBy(() -> result.sum().backward()).hasMessageContaining("a rank is lost");
        }
    }

    @Test
    void keepsNothingOverManySteps() {
        try (CustomGradients own = new CustomGradients()) {
            step(own);
            step(own);
            long before = Scope.liveNatives();
            for (int i = 0; i < 20; i++) {
                step(own);
            }
            assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        }
    }

    private static void step(CustomGradients own) {
        try (Scope scope = Scope.open()) {
            Tensor input = Torch.floats(1, 2).requires_grad_(true);
            Tensor once = own.apply(input, x -> x.clone(), g -> g.mul(Torch.scalar(2)));
            own.apply(once, x -> x.clone(), g -> g.mul(Torch.scalar(2))).sum().backward();
            assertThat(Torch.toFloats(new Tensor(input.grad()))).containsExactly(4, 4);
        }
    }
}
