package io.apus.model.tuner.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Sums worked out by hand. */
class WeightedSumTest {
    private static final float[] FIRST = {4, -3, 1, 0.5f};
    private static final float[] SECOND = {-1, -2, 3, 0.25f};
    private static final float[] THIRD = {-2, 1, 2, -8};

    @Test
    void magnitudePruningKeepsTheLargestOfEach() {
        assertThat(sum(CombinationType.MAGNITUDE_PRUNE, 0.5, null))
                .as("kept: 4 -3 | -2 3 | 2 -8")
                .containsExactly(2 * 4f, 2 * -3f - 2, 3 + 0.5f * 2, 0.5f * -8);
        assertThat(sum(CombinationType.MAGNITUDE_PRUNE, 0.74, null))
                .as("a share of 4 numbers is rounded down")
                .isEqualTo(sum(CombinationType.MAGNITUDE_PRUNE, 0.5, null));
    }

    @Test
    void tiesElectsSignsAndTakesTheMeanOfThoseThatAgree() {
        assertThat(sum(CombinationType.TIES, 1.0, "total"))
                .as("sums 1, -4, 6, -7.25: the signs + - + -")
                .containsExactly(2 * 4f, (2 * -3f - 2) / 2, (2 * 1f + 3 + 0.5f * 2) / 3, 0.5f * -8);
        assertThat(sum(CombinationType.TIES, 1.0, "frequency"))
                .as("votes 1:2, 1:2, 3:0, 2:1: the signs - - + +")
                .containsExactly((-1 + 0.5f * -2) / 2, (2 * -3f - 2) / 2, 2, (2 * 0.5f + 0.25f) / 2);
        assertThat(sum(CombinationType.TIES, 0.5, "frequency"))
                .as("kept: 4 -3 0 0 | 0 -2 3 0 | 0 0 2 -8; what was dropped votes and counts nowhere")
                .containsExactly(8, (2 * -3f - 2) / 2, (3 + 0.5f * 2) / 2, -4);
    }

    @Test
    void darePrunesBySeedAndKeepsTheExpectedValue() {
        try (Scope scope = Scope.open()) {
            Tensor ones = Torch.zeros(100, 100).add(Torch.scalar(1));
            float[] once = Torch.toFloats(dare(0.2, 7).of(List.of(ones), new double[] {1}));
            assertThat(once).as("dropped, or divided by the density").containsOnly(0, 5);
            double mean =
                    IntStream.range(0, once.length).mapToDouble(i -> once[i]).sum() / once.length;
            // Of 10,000 draws with deviation 2 the mean deviates by 0.02.
            assertThat(mean).isBetween(0.92, 1.08);
            assertThat(Torch.toFloats(dare(0.2, 7).of(List.of(ones), new double[] {1})))
                    .isEqualTo(once);
            assertThat(Torch.toFloats(dare(0.2, 8).of(List.of(ones), new double[] {1})))
                    .isNotEqualTo(once);
            float[] both = Torch.toFloats(dare(0.5, 7).of(List.of(ones, ones), new double[] {1, 2}));
            assertThat(both).as("each by draws of its own").contains(0f, 2f, 4f, 6f);
        }
    }

    @Test
    void optionsThatATypeDoesNotReadAreRefused() {
        assertThatThrownBy(() -> new Combination(CombinationType.CAT, 0.5, "median", 0, 2.0, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "Cannot combine adapters by cat",
                        "density has no meaning",
                        "majority_sign_method is \"median\"",
                        "svd_rank is 0",
                        "svd_clamp is 2.0");
        assertThatThrownBy(() -> Combination.of(CombinationType.TIES)).hasMessageContaining("density is missing");
        assertThatThrownBy(() -> CombinationType.named("dare_lineer"))
                .hasMessageContaining("Did you mean \"dare_linear\"?");
        assertThat(CombinationType.names()).hasSize(CombinationType.values().length);
    }

    private static WeightedSum dare(double density, long seed) {
        return new WeightedSum(new Combination(CombinationType.DARE_LINEAR, density, null, null, null, seed));
    }

    /** With the weights 2, 1 and 0.5. */
    private static float[] sum(CombinationType type, Double density, String method) {
        try (Scope scope = Scope.open()) {
            List<Tensor> tensors = List.of(Torch.floats(FIRST), Torch.floats(SECOND), Torch.floats(THIRD));
            return Torch.toFloats(new WeightedSum(new Combination(type, density, method, null, null, 0))
                    .of(tensors, new double[] {2, 1, 0.5}));
        }
    }
}
