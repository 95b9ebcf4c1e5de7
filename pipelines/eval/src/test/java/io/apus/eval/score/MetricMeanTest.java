package io.apus.eval.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.schemas.data.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricMeanTest {
    @Test
    void meansAreWeightedAndALossHasItsPerplexity() {
        List<MetricMean> means = MetricMean.of(List.of(
                score("held_out", "loss", "b", 2.0, 30),
                score("held_out", "loss", "a", 1.0, 10),
                score("quiz", "acc", "1", 1, 1)));
        assertThat(means)
                .extracting(mean -> mean.task() + " " + mean.metric() + " " + mean.items() + " " + mean.weight())
                .containsExactly("held_out loss 2 40.0", "held_out perplexity 2 40.0", "quiz acc 1 1.0");
        assertThat(means.get(0).value()).isEqualTo(1.75);
        assertThat(means.get(1).value()).isCloseTo(Math.exp(1.75), within(1e-12));
    }

    @Test
    void theOrderOfTheScoresChangesNoBit() {
        List<Score> scores = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            scores.add(score("t" + i % 3, "loss", "item" + i, random.nextDouble() * 10, random.nextInt(90)));
        }
        List<MetricMean> expected = MetricMean.of(scores);
        Collections.shuffle(scores, random);
        assertThat(MetricMean.of(scores)).isEqualTo(expected);
    }

    private static Score score(String task, String metric, String item, double value, double weight) {
        return new Score(task, "perplexity", metric, item, value, weight, "", "", "");
    }
}
