package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.Precision;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tuner trains on a base in bfloat16, its own numbers in float32. */
class TunerPrecisionTest {
    static Stream<TunerCase> cases() {
        return TunerCase.all();
    }

    private static double loss(DecoderModel model) {
        TokenBatch batch = TokenBatch.of(TinyModels.ids(24, 3), 10, 14);
        float[] weights = new float[batch.tokens()];
        Arrays.fill(weights, 1);
        double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
        return new Backpropagation(model, true)
                .step(batch, LinearCrossEntropy.of(batch, weights, scale), 0, GradientSink.none())
                .meanLoss();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trains(TunerCase each) {
        try (Scope scope = Scope.open();
                DecoderModel model = each.model()) {
            each.attached(model);
            double exact = loss(model);
            model.parameters().values().forEach(Parameter::clearGradient);
            model.place(Device.CPU, Precision.BFLOAT16);

            // See PrecisionTest for the tolerance.
            assertThat(loss(model)).isCloseTo(exact, Offset.offset(1.0 / 64));
            for (Parameter parameter : model.parameters().values()) {
                if (parameter.trainable()) {
                    assertThat(DType.of(parameter.tensor()))
                            .as(parameter.name())
                            .isEqualTo(DType.F32);
                    parameter.gradient().ifPresent(gradient -> assertThat(
                                    gradient.isfinite().all().item_bool())
                            .as(parameter.name())
                            .isTrue());
                }
            }
        }
    }
}
