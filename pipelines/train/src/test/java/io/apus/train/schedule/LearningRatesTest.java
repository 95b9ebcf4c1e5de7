package io.apus.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TrainSpec;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers computed by hand from the formulas in transformers 4.57's optimization.py and torch 2.6's ReduceLROnPlateau. */
class LearningRatesTest {
    private static final double BASE = 2e-3;

    @Test
    void everyScheduleOfTransformersIsThere() {
        assertThat(LearningRates.names()).containsExactlyElementsOf(TrainSpec.SCHEDULERS);
    }

    @Test
    void cosineFallsAlongHalfAPeriodAndMayRiseAgain() {
        assertThat(factors(spec("cosine", 4, 0, Map.of()), 12, 0, 1, 2, 4, 6, 8, 12))
                .containsExactly(new double[] {0, 0.25, 0.5, 1, 0.8535533905932737, 0.5, 0}, within(1e-15));
        assertThat(factors(spec("cosine", 0, 0, Map.of("num_cycles", "1")), 8, 0, 2, 4, 6, 8))
                .containsExactly(new double[] {1, 0.5, 0, 0.5, 1}, within(1e-15));
    }

    @Test
    void restartsBeginAtTheTopAgain() {
        assertThat(factors(spec("cosine_with_restarts", 2, 0, Map.of("num_cycles", "2")), 10, 1, 2, 4, 5, 6, 8, 9, 10))
                .containsExactly(
                        new double[] {0.5, 1, 0.5, 0.14644660940672627, 1, 0.5, 0.14644660940672627, 0}, within(1e-15));
        assertThat(factors(spec("cosine_with_restarts", 0, 0, Map.of()), 4, 1, 2))
                .containsExactly(new double[] {0.8535533905932737, 0.5}, within(1e-15));
    }

    @Test
    void linearFallsToZero() {
        assertThat(factors(spec("linear", 0, 0.25, Map.of()), 8, 0, 1, 2, 3, 5, 7, 8))
                .containsExactly(new double[] {0, 0.5, 1, 5 / 6.0, 0.5, 1 / 6.0, 0}, within(1e-15));
    }

    @Test
    void polynomialFallsToItsEndAndStaysThere() {
        TrainSpec spec = spec("polynomial", 2, 0, Map.of("lr_end", "2e-4", "power", "2"));

        // (2e-3 - 2e-4) * (1 - 2/8)^2 + 2e-4 = 1.2125e-3
        assertThat(rates(spec, 10, 0, 1, 2, 4, 10, 11))
                .containsExactly(new double[] {0, 1e-3, 2e-3, 1.2125e-3, 2e-4, 2e-4}, within(1e-18));
        assertThat(rates(spec("polynomial", 0, 0, Map.of()), 4, 1))
                .containsExactly(new double[] {0.75 * (2e-3 - 1e-7) + 1e-7}, within(1e-18));
        assertThatThrownBy(() -> rates(spec("polynomial", 0, 0, Map.of("lr_end", "0.1")), 4, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("lr_end 0.1 is not below the learning rate 0.002");
    }

    @Test
    void constantIgnoresWarmUpAndTheOtherDoesNot() {
        assertThat(factors(spec("constant", 5, 0, Map.of()), 10, 0, 9)).containsExactly(1, 1);
        assertThat(factors(spec("constant_with_warmup", 5, 0, Map.of()), 10, 0, 1, 5, 9))
                .containsExactly(0, 0.2, 1, 1);
    }

    @Test
    void inverseSqrtDecaysFromTheEndOfTheWarmUp() {
        assertThat(factors(spec("inverse_sqrt", 4, 0, Map.of()), 99, 2, 4, 16, 64))
                .containsExactly(new double[] {0.5, 1, 0.5, 0.25}, within(1e-15));
        // Without warm-up the time scale is 10,000: 1 / sqrt((30000 + 10000) / 10000).
        assertThat(factors(spec("inverse_sqrt", 0, 0, Map.of()), 99, 0, 30_000))
                .containsExactly(new double[] {1, 0.5}, within(1e-15));
        assertThat(factors(spec("inverse_sqrt", 4, 0, Map.of("timescale", "12")), 99, 4, 40))
                .containsExactly(new double[] {1, 0.5}, within(1e-15));
    }

    @Test
    void cosineEndsAtTheLowestRate() {
        double[] wanted = {1, 0.8681980515339464, 0.55, 0.1};
        assertThat(factors(spec("cosine_with_min_lr", 0, 0, Map.of("min_lr_rate", "0.1")), 8, 0, 2, 4, 8))
                .containsExactly(wanted, within(1e-15));
        assertThat(factors(spec("cosine_with_min_lr", 0, 0, Map.of("min_lr", "2e-4")), 8, 0, 2, 4, 8))
                .containsExactly(wanted, within(1e-15));
        assertThatThrownBy(() -> factors(spec("cosine_with_min_lr", 0, 0, Map.of()), 8, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exactly one of min_lr and min_lr_rate");
    }

    @Test
    void cosineWithALowestRateIsThatOfARealRun() throws IOException {
        JsonNode log = new ObjectMapper()
                .readTree(SharedReference.path("golden/train/trajectories.json").toFile())
                .path("label_smooth_neftune_off")
                .path("log");
        LearningRate rate = LearningRates.of(spec("cosine_with_min_lr", 0, 0, Map.of("min_lr_rate", "0.1")), BASE, 8);

        assertThat(log).hasSize(8);
        for (int step = 0; step < 8; step++) {
            assertThat(rate.at(step, List.of()))
                    .isCloseTo(log.get(step).get("learning_rate").asDouble(), within(1e-17));
        }
    }

    @Test
    void theLateCosineIsAStepAheadInWarmUpAndDecay() {
        Map<String, String> tenth = Map.of("min_lr_rate", "0.1");
        assertThat(factors(spec("cosine_warmup_with_min_lr", 4, 0, tenth), 12, 0, 1, 3, 5, 7, 11))
                .containsExactly(new double[] {0.25, 0.5, 1, 0.8681980515339464, 0.55, 0.1}, within(1e-15));
        Map<String, String> started = Map.of("min_lr_rate", "0.1", "warmup_lr_rate", "0.4");
        assertThat(factors(spec("cosine_warmup_with_min_lr", 4, 0, started), 12, 0, 1, 3))
                .containsExactly(new double[] {0.4, 0.6, 1}, within(1e-15));
    }

    @Test
    void warmupStableDecayHasThreeStages() {
        Map<String, String> plain = Map.of("num_decay_steps", "4");
        assertThat(factors(spec("warmup_stable_decay", 2, 0, plain), 10, 0, 1, 2, 5, 6, 8, 9, 10))
                .containsExactly(new double[] {0, 0.5, 1, 1, 1, 0.5, 0.14644660940672627, 0}, within(1e-15));
        Map<String, String> rooted = Map.of(
                "num_decay_steps",
                "4",
                "num_stable_steps",
                "1",
                "min_lr_ratio",
                "0.2",
                "warmup_type",
                "1-sqrt",
                "decay_type",
                "1-sqrt");
        // 1 - sqrt(1 - 1/2) = 0.2928932188134524, then times 0.8 plus 0.2; 1 - sqrt(1/4) = 0.5; after it all 0.2.
        assertThat(factors(spec("warmup_stable_decay", 2, 0, rooted), 10, 0, 1, 2, 3, 4, 7))
                .containsExactly(new double[] {0.2, 0.4343145750507619, 1, 1, 0.6, 0.2}, within(1e-15));
        Map<String, String> mixed = Map.of("num_decay_steps", "4", "warmup_type", "cosine", "decay_type", "linear");
        assertThat(factors(spec("warmup_stable_decay", 4, 0, mixed), 10, 1, 7, 9))
                .containsExactly(new double[] {0.14644660940672627, 0.75, 0.25}, within(1e-15));
        assertThatThrownBy(() -> factors(spec("warmup_stable_decay", 2, 0, Map.of()), 10, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("num_decay_steps is missing");
    }

    @Test
    void aPlateauLowersTheRate() {
        TrainSpec spec = spec("reduce_lr_on_plateau", 0, 0, Map.of("factor", "0.5", "patience", "1", "min_lr", "6e-4"));
        List<Double> losses = List.of(2.0, 1.9, 1.8999, 1.95, 1.7, 1.7, 1.75, 1.8, 1.9, 1.9, 1.9);
        List<Double> rates = new ArrayList<>();
        LearningRate rate = LearningRates.of(spec, BASE, 100);
        for (int seen = 0; seen <= losses.size(); seen++) {
            rates.add(rate.at(7, losses.subList(0, seen)));
        }

        // 1.8999 is no improvement on 1.9 by more than a ten-thousandth; two bad ones in a row halve, never below 6e-4.
        assertThat(rates).containsExactly(2e-3, 2e-3, 2e-3, 2e-3, 1e-3, 1e-3, 1e-3, 6e-4, 6e-4, 6e-4, 6e-4, 6e-4);
    }

    @Test
    void aPlateauMayCoolDownAndCountAbsolutely() {
        Map<String, String> options =
                Map.of("patience", "0", "cooldown", "2", "threshold", "0.5", "threshold_mode", "abs", "mode", "max");
        LearningRate rate = LearningRates.of(spec("reduce_lr_on_plateau", 0, 0, options), 1, 100);

        assertThat(rate.at(0, List.of(1.0, 1.6))).isEqualTo(1);
        assertThat(rate.at(0, List.of(1.0, 1.4))).isEqualTo(0.1);
        assertThat(rate.at(0, List.of(1.0, 1.4, 1.4, 1.4))).isEqualTo(0.1);
        assertThat(rate.at(0, List.of(1.0, 1.4, 1.4, 1.4, 1.4))).isCloseTo(0.01, within(1e-17));
    }

    @Test
    void anUnknownArgumentIsRefused() {
        assertThatThrownBy(() -> factors(spec("cosine", 0, 0, Map.of("num_cycle", "1")), 8, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("lr_scheduler_type cosine knows no num_cycle")
                .hasMessageContaining("Did you mean \"num_cycles\"?");
        assertThatThrownBy(() -> factors(spec("constant", 0, 0, Map.of("num_cycles", "1")), 8, 0))
                .hasMessageContaining("It takes none.");
        assertThatThrownBy(() -> factors(spec("cosine", 0, 0, Map.of("num_cycles", "many")), 8, 0))
                .hasMessageContaining("num_cycles is no number");
        assertThatThrownBy(() -> factors(spec("cosine_with_restarts", 0, 0, Map.of("num_cycles", "1.5")), 8, 0))
                .hasMessageContaining("num_cycles 1.5 is no whole number");
    }

    @Test
    void theWarmUpRatioIsRoundedUpAndGivenStepsWin() {
        assertThat(LearningRates.warmupSteps(spec("cosine", 0, 0.05, Map.of()), 21))
                .isEqualTo(2);
        assertThat(LearningRates.warmupSteps(spec("cosine", 7, 0.05, Map.of()), 21))
                .isEqualTo(7);
        assertThat(LearningRates.warmupSteps(spec("cosine", 0, 0, Map.of()), 21))
                .isZero();
    }

    private static double[] factors(TrainSpec spec, int total, int... steps) {
        return IntStream.of(steps)
                .mapToDouble(step -> LearningRates.of(spec, BASE, total).at(step, List.of()) / BASE)
                .toArray();
    }

    private static double[] rates(TrainSpec spec, int total, int... steps) {
        return IntStream.of(steps)
                .mapToDouble(step -> LearningRates.of(spec, BASE, total).at(step, List.of()))
                .toArray();
    }

    private static TrainSpec spec(String type, int warmupSteps, double warmupRatio, Map<String, String> arguments) {
        return new ObjectMapper()
                .convertValue(
                        Map.of(
                                "lrSchedulerType",
                                type,
                                "warmupSteps",
                                warmupSteps,
                                "warmupRatio",
                                warmupRatio,
                                "lrSchedulerKwargs",
                                arguments),
                        TrainSpec.class);
    }
}
