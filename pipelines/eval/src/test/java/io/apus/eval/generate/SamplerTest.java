package io.apus.eval.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.schemas.UserError;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int DRAWS = 20_000;

    @Test
    void drawsWithTheSoftmaxProbabilitiesOfTheTemperature() {
        double[] shares = shares(settings(2.0, 0, 1, 1), 1f, 3f, -1f);
        double sum = Math.exp(0.5) + Math.exp(1.5) + Math.exp(-0.5);
        assertThat(shares[0]).isCloseTo(Math.exp(0.5) / sum, within(0.015));
        assertThat(shares[1]).isCloseTo(Math.exp(1.5) / sum, within(0.015));
        assertThat(shares[2]).isCloseTo(Math.exp(-0.5) / sum, within(0.015));
    }

    @Test
    void topKDrawsAmongTheKLargestOnly() {
        double[] shares = shares(settings(1, 2, 1, 1), 0.5f, -2f, 1f, 0.4f);
        assertThat(shares[1]).isZero();
        assertThat(shares[3]).isZero();
        assertThat(shares[2]).isCloseTo(1 / (1 + Math.exp(-0.5)), within(0.015));
    }

    @Test
    void topPDrawsAmongTheFewestThatReachIt() {
        float[] logits = {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.15), (float) Math.log(0.05)};
        double[] shares = shares(settings(1, 0, 0.7, 1), logits);
        assertThat(shares[0]).isCloseTo(0.625, within(0.015));
        assertThat(shares[1]).isCloseTo(0.375, within(0.015));
        assertThat(shares[2] + shares[3]).isZero();
    }

    @Test
    void greedyTakesTheFirstOfEqualLogits() {
        assertThat(new Sampler(GenerationSettings.greedy(1, Set.of()), new int[] {0}).next(new float[] {1, 4, 4}))
                .isEqualTo(1);
    }

    @Test
    void repetitionPenaltyLowersWhatWasSeenOnBothSidesOfZero() {
        GenerationSettings greedy = settings(0, 0, 1, 2);
        assertThat(new Sampler(greedy, new int[] {0}).next(new float[] {3f, 2f}))
                .isEqualTo(1);
        assertThat(new Sampler(greedy, new int[] {0}).next(new float[] {-1f, -1.5f}))
                .isEqualTo(1);
        Sampler sampler = new Sampler(greedy, new int[] {5});
        assertThat(sampler.next(new float[] {3f, 2f})).isZero();
        sampler.accept(0);
        assertThat(sampler.next(new float[] {3f, 2f})).isEqualTo(1);
    }

    @Test
    void nonsenseIsRefusedAllAtOnce() {
        assertThatThrownBy(() -> new GenerationSettings(0, -1, -2, 1.5, 0, 1, Set.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("max_new_tokens", "temperature", "top_k", "top_p", "repetition_penalty");
    }

    private static double[] shares(GenerationSettings settings, float... logits) {
        Sampler sampler = new Sampler(settings, new int[] {logits.length});
        double[] shares = new double[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[sampler.next(logits.clone())] += 1.0 / DRAWS;
        }
        return shares;
    }

    private static GenerationSettings settings(double temperature, int topK, double topP, double penalty) {
        return new GenerationSettings(1, temperature, topK, topP, penalty, 42, Set.of());
    }
}
