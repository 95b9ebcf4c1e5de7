package io.apus.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.junit.jupiter.api.Test;

/** Losses against their formulas in doubles, gradients against central differences of those. */
class RowObjectiveTest {
    private static final float[] SCORES = {0.3f, -1.2f, 2.1f, 0.8f, 0.4f, -0.6f};

    @Test
    void oneRightLabelIsCrossEntropy() {
        check(LabelObjectives.singleLabel(2, 1), 3, 2, 1, 2, x -> nll(x, 0, 3, 2) + nll(x, 3, 3, 1));
    }

    @Test
    void severalRightLabelsAreBinaryCrossEntropies() {
        float[] labels = {1, 0, 1, 1, 1, 0};
        check(LabelObjectives.multiLabel(labels), 3, 6, 2, 2, x -> {
            double sum = 0;
            for (int i = 0; i < 6; i++) {
                double p = 1 / (1 + Math.exp(-x[i]));
                sum -= labels[i] * Math.log(p) + (1 - labels[i]) * Math.log(1 - p);
            }
            return sum;
        });
        try (Scope scope = Scope.open()) {
            Tensor far = Torch.floats(200, -200).view(1, 2);
            assertThat(LabelObjectives.multiLabel(1, 0).of(far).sum().item_double())
                    .isZero();
            assertThat(LabelObjectives.multiLabel(0, 1).of(far).sum().item_double())
                    .isEqualTo(400);
        }
    }

    @Test
    void regressionIsSquaredError() {
        float[] targets = {0, -1, 2, 1, 0, 0};
        check(LabelObjectives.regression(targets), 1, 6, 0, 0, x -> {
            double sum = 0;
            for (int i = 0; i < 6; i++) {
                sum += (x[i] - targets[i]) * (x[i] - targets[i]);
            }
            return sum;
        });
    }

    @Test
    void aListsFirstPassageIsTheRightOne() {
        check(LabelObjectives.listwise(0.5, 2, 4), 1, 2, 2, 2, x -> {
            float[] doubled = new float[6];
            for (int i = 0; i < 6; i++) {
                doubled[i] = x[i] / 0.5f;
            }
            return nll(doubled, 0, 2, 0) + nll(doubled, 2, 4, 0);
        });
    }

    @Test
    void aRewardsLossIsTheLogOddsOfThePreference() {
        float[] margins = {0, 0.5f, 0};
        check(LabelObjectives.pairwise(margins), 1, 3, 3, 3, x -> {
            double sum = 0;
            for (int pair = 0; pair < 3; pair++) {
                sum += Math.log1p(Math.exp(-(x[2 * pair] - x[2 * pair + 1] - margins[pair])));
            }
            return sum;
        });
    }

    @Test
    void cosinesAndDistancesOfPairs() {
        check(EmbeddingObjectives.cosineSimilarity(0.5f), 3, 1, 0, 0, x -> Math.pow(dot(x, 0, 1) - 0.5, 2));
        check(EmbeddingObjectives.contrastive(0.5, 1), 3, 1, 0, 0, x -> Math.pow(1 - dot(x, 0, 1), 2) / 2);
        check(EmbeddingObjectives.contrastive(3, 0), 3, 1, 0, 0, x -> Math.pow(2 + dot(x, 0, 1), 2) / 2);
        check(EmbeddingObjectives.contrastive(0.5, 0), 3, 1, 0, 0, x -> 0);
    }

    @Test
    void onlyHardPairsCountOnline() {
        // Distances of 1-wide pairs: 1 - a b.
        check(EmbeddingObjectives.onlineContrastive(3, 1, 1, 0), 1, 1, 0, 0, x -> {
            double first = 1 - x[0] * (double) x[1];
            double other = 1 - x[4] * (double) x[5];
            // 1.36 and -0.68 belong together; 1.24 does not: it is below 1.36, and 1.36 alone above the positives'
            // mean.
            return first * first + (3 - other) * (3 - other);
        });
        HardPairs hard = HardPairs.of(new float[] {0.2f, 0.6f, 0.1f, 0.5f}, new float[] {1, 1, 0, 0});
        assertThat(hard.together()).containsExactly(1, 1, 0, 0);
        assertThat(hard.apart()).containsExactly(0, 0, 1, 1);
        HardPairs easy = HardPairs.of(new float[] {0.2f, 0.3f, 0.8f, 0.9f}, new float[] {1, 1, 0, 0});
        assertThat(easy.together()).containsOnly(0);
        assertThat(easy.apart()).containsOnly(0);
        assertThat(HardPairs.of(new float[] {0.4f}, new float[] {1}).together()).containsExactly(0);
    }

    @Test
    void infoNceFindsAQuerysPositiveAmongItsCandidates() {
        // Rows of 1: query, positive, negative; query, positive, negative.
        check(EmbeddingObjectives.infoNce(0.5, false, 3, 3), 1, 2, 1, 2, x -> {
            float[] first = {x[0] * x[1] / 0.5f, x[0] * x[2] / 0.5f};
            float[] second = {x[3] * x[4] / 0.5f, x[3] * x[5] / 0.5f};
            return nll(first, 0, 2, 0) + nll(second, 0, 2, 0);
        });
        check(EmbeddingObjectives.infoNce(0.5, true, 4, 2), 1, 2, 0, 2, x -> {
            double sum = 0;
            int[] queries = {0, 4};
            int[] positives = {0, 3};
            int[] candidates = {1, 2, 3, 5};
            for (int q = 0; q < 2; q++) {
                float[] logits = new float[4];
                for (int c = 0; c < 4; c++) {
                    logits[c] = x[queries[q]] * x[candidates[c]] / 0.5f;
                }
                sum += nll(logits, 0, 4, positives[q]);
            }
            return sum;
        });
        assertThatThrownBy(() -> EmbeddingObjectives.infoNce(0.1, true, 2, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double nll(float[] logits, int from, int count, int label) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(logits[i]);
        }
        return Math.log(sum) - logits[from + label];
    }

    private static double dot(float[] rows, int a, int b) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += (double) rows[3 * a + i] * rows[3 * b + i];
        }
        return sum;
    }

    private static void check(
            RowObjective objective,
            int width,
            double terms,
            long correct,
            long decisions,
            ToDoubleFunction<float[]> formula) {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            Tensor outputs =
                    Torch.floats(SCORES).view(SCORES.length / width, width).requires_grad_(true);
            RowObjective.Loss loss = objective.of(outputs);
            assertThat(loss.sum().item_double()).isCloseTo(formula.applyAsDouble(SCORES), Offset.offset(1e-5));
            assertThat(loss.terms()).isEqualTo(terms);
            assertThat(loss.correct()).isEqualTo(correct);
            assertThat(loss.decisions()).isEqualTo(decisions);
            loss.sum().backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional());
            Slopes.check(formula, SCORES, Torch.toFloats(new Tensor(outputs.grad())), 1e-3, 1e-3);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }
}
