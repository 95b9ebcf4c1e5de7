package io.apus.eval.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.eval.TinyModels;
import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.data.PackedRow;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Losses and log-likelihoods against a log-softmax worked out here, token by token, in double precision. */
class ScorersTest {
    private static final int[] FIRST = {4, 8, 15, 16, 23, 42};
    private static final int[] SECOND = {7, 7, 250};
    private static DecoderModel model;

    @BeforeAll
    static void load() {
        model = TinyModels.qwen3();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void lossAndAccuracyOfEachPackedSampleAreThoseOfTheSampleAlone() {
        int[] ids = {4, 8, 15, 16, 23, 42, 7, 7, 250};
        float[] weights = {0, 0, 1, 1, 0.5f, 1, 1, 0, 1};
        PackedRow row = new PackedRow(ids, weights, new int[] {6, 3}, List.of("a:0", "a:1"));
        List<SampleLoss> losses = TokenScorer.score(model, row);
        assertThat(losses).hasSize(2);
        assertThat(losses.get(0).lossSum())
                .isCloseTo(-(logP(FIRST, 2) + logP(FIRST, 3) + 0.5 * logP(FIRST, 4) + logP(FIRST, 5)), within(1e-4));
        assertThat(losses.get(0).weightSum()).isEqualTo(3.5);
        assertThat(losses.get(0).targets()).isEqualTo(4);
        // Weight on a sample's first token counts for nothing: there is nothing to predict it from.
        assertThat(losses.get(1).lossSum()).isCloseTo(-logP(SECOND, 2), within(1e-4));
        assertThat(losses.get(1).targets()).isEqualTo(1);
        assertThat(losses).extracting(SampleLoss::sample).containsExactly("a:0", "a:1");
    }

    @Test
    void correctCountsTheTargetsThatWereTheArgmax() {
        PackedRow row = new PackedRow(new int[] {1, 2, 3, 4}, new float[] {0, 1, 1, 0}, new int[] {4}, List.of("s"));
        List<SampleLoss> losses =
                TokenScorer.bySample(row, new float[] {0, -1, -2, -4}, new boolean[] {false, true, false, true});
        assertThat(losses).containsExactly(new SampleLoss("s", 3, 2, 1, 2));
    }

    @Test
    void choicesScoreTheSumOfTheirTokensLogProbabilities() {
        int[] prompt = {4, 8, 15};
        double[] scores = ChoiceScorer.logLikelihoods(
                model, prompt, List.of(new int[] {16, 23, 42}, new int[] {99}, new int[] {16}));
        assertThat(scores[0]).isCloseTo(logP(FIRST, 3) + logP(FIRST, 4) + logP(FIRST, 5), within(1e-4));
        assertThat(scores[1]).isCloseTo(logP(new int[] {4, 8, 15, 99}, 3), within(1e-4));
        assertThat(scores[2]).isCloseTo(logP(FIRST, 3), within(1e-4));
    }

    @Test
    void lengthNormalisationDividesByCharacters() {
        double[] sums = {-6, -4};
        assertThat(ChoiceScorer.best(sums)).isEqualTo(1);
        double[] normalised = ChoiceScorer.perCharacter(sums, List.of("long😀", "no"));
        assertThat(normalised).containsExactly(-1.2, -2.0);
        assertThat(ChoiceScorer.best(normalised)).isZero();
        assertThat(ChoiceScorer.best(new double[] {-1, -1})).isZero();
    }

    /** log p(ids[at] | ids before it), from the model's logits of those alone. */
    private static double logP(int[] ids, int at) {
        long[] before = new long[at];
        for (int i = 0; i < at; i++) {
            before[i] = ids[i];
        }
        try (Scope scope = Scope.open()) {
            float[] logits = Torch.toFloats(model.logits(model.hidden(TokenBatch.of(before, at), null)));
            int begin = (at - 1) * TinyModels.VOCABULARY;
            double max = Double.NEGATIVE_INFINITY;
            for (int v = 0; v < TinyModels.VOCABULARY; v++) {
                max = Math.max(max, logits[begin + v]);
            }
            double sum = 0;
            for (int v = 0; v < TinyModels.VOCABULARY; v++) {
                sum += Math.exp(logits[begin + v] - max);
            }
            return logits[begin + ids[at]] - max - Math.log(sum);
        }
    }
}
