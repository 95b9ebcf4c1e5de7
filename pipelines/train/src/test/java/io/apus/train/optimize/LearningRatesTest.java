package io.apus.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.spec.TrainSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearningRatesTest {
    @Test
    void cosineFallsAlongHalfAPeriod() {
        LearningRate rate = LearningRates.of(spec("cosine", 4, 0), 12);

        assertThat(factors(rate, 0, 1, 2, 4, 8, 12))
                .containsExactly(new double[] {0, 0.25, 0.5, 1, 0.5, 0}, within(1e-15));
        assertThat(rate.factor(6)).isCloseTo(0.8535533905932737, within(1e-15));
    }

    @Test
    void linearFallsToZero() {
        LearningRate rate = LearningRates.of(spec("linear", 0, 0.25), 8);

        assertThat(factors(rate, 0, 1, 2, 3, 5, 7, 8))
                .containsExactly(new double[] {0, 0.5, 1, 5 / 6.0, 0.5, 1 / 6.0, 0}, within(1e-15));
    }

    @Test
    void constantIgnoresWarmUpAndTheOtherDoesNot() {
        assertThat(factors(LearningRates.of(spec("constant", 5, 0), 10), 0, 9)).containsExactly(1, 1);
        assertThat(factors(LearningRates.of(spec("constant_with_warmup", 5, 0), 10), 0, 1, 5, 9))
                .containsExactly(0, 0.2, 1, 1);
    }

    @Test
    void theWarmUpRatioIsRoundedUpAndGivenStepsWin() {
        assertThat(LearningRates.warmupSteps(spec("cosine", 0, 0.05), 21)).isEqualTo(2);
        assertThat(LearningRates.warmupSteps(spec("cosine", 7, 0.05), 21)).isEqualTo(7);
        assertThat(LearningRates.warmupSteps(spec("cosine", 0, 0), 21)).isZero();
    }

    @Test
    void biasesAndNormsDoNotDecay() {
        assertThat(WeightDecay.appliesTo("model.layers.0.mlp.up_proj.weight")).isTrue();
        assertThat(WeightDecay.appliesTo("model.embed_tokens.weight")).isTrue();
        assertThat(WeightDecay.appliesTo("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"))
                .isTrue();
        assertThat(WeightDecay.appliesTo("model.layers.0.self_attn.q_proj.bias"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.layers.0.input_layernorm.weight"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.layers.0.self_attn.q_norm.weight"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.norm.weight")).isFalse();
    }

    private static double[] factors(LearningRate rate, int... steps) {
        return java.util.stream.IntStream.of(steps).mapToDouble(rate::factor).toArray();
    }

    private static TrainSpec spec(String type, int warmupSteps, double warmupRatio) {
        return new ObjectMapper()
                .convertValue(
                        Map.of("lrSchedulerType", type, "warmupSteps", warmupSteps, "warmupRatio", warmupRatio),
                        TrainSpec.class);
    }
}
