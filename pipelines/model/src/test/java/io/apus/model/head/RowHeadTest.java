package io.apus.model.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Gradients against central differences; 1e-3 is what float32 leaves of differences of width 0.02. */
class RowHeadTest {
    private static final int ROWS = 3;
    private static final int HIDDEN = 4;
    private static final double STEP = 0.01;
    private static final double TOLERANCE = 1e-3;

    @Test
    void scoresAreRowsTimesTheWeight() {
        try (Scope scope = Scope.open();
                LinearHead head = LinearHead.random(LinearHead.Layout.value(HIDDEN), 0.5, 3)) {
            assertThat(head.parameters())
                    .extracting(Parameter::name)
                    .containsExactly("v_head.summary.weight", "v_head.summary.bias");
            head.bias().orElseThrow().tensor().fill_(Torch.scalar(0.25));
            float[] rows = values(ROWS * HIDDEN, 1);
            float[] weight = Torch.toFloats(head.weight().tensor());
            float[] scores = Torch.toFloats(head.forward(matrix(rows)));
            for (int row = 0; row < ROWS; row++) {
                double expected = 0.25;
                for (int i = 0; i < HIDDEN; i++) {
                    expected += (double) rows[row * HIDDEN + i] * weight[i];
                }
                assertThat((double) scores[row]).isCloseTo(expected, Offset.offset(1e-6));
            }
            checkRows(head, 1);
            checkParameter(head, head.weight(), 1);
            checkParameter(head, head.bias().orElseThrow(), 1);
        }
    }

    @Test
    void embeddingsHaveLengthOne() {
        try (Scope scope = Scope.open()) {
            Tensor rows = matrix(values(ROWS * HIDDEN, 2));
            float[] units = Torch.toFloats(new UnitHead().forward(rows));
            double length = 0;
            for (int i = 0; i < HIDDEN; i++) {
                length += units[i] * units[i];
            }
            assertThat(length).isCloseTo(1, Offset.offset(1e-6));
            checkRows(new UnitHead(), HIDDEN);
            assertThat(Torch.toFloats(new UnitHead().forward(Torch.zeros(1, 2))))
                    .containsExactly(0, 0);
        }
    }

    @Test
    void aPreferenceIsTheDifferenceOfTwoLogitsWhateverShapesThem() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            Parameter weight = new Parameter(
                    "lm_head.weight", Torch.floats(values(6 * HIDDEN, 4)).view(6, HIDDEN));
            Parameter bias = new Parameter("lm_head.bias", Torch.floats(values(6, 5)));
            for (OutputHead.Shaping shaping : new OutputHead.Shaping[] {
                OutputHead.Shaping.NONE,
                OutputHead.Shaping.scaled(0.5),
                new OutputHead.Shaping(Optional.of(bias), 0.5, 1.5)
            }) {
                OutputHead output = new OutputHead("lm_head", null, weight, shaping);
                RowHead head = new PreferenceHead(output, 5, 2);
                Tensor rows = matrix(values(ROWS * HIDDEN, 6));
                float[] logits = Torch.toFloats(output.logits(rows));
                assertThat(Torch.toFloats(head.forward(rows))[1]).isEqualTo(logits[11] - logits[8]);
                checkRows(head, 1);
                checkParameter(head, weight, 1);
            }
            checkParameter(
                    new PreferenceHead(
                            new OutputHead("h", null, weight, new OutputHead.Shaping(Optional.of(bias), 2, 0)), 1, 0),
                    bias,
                    1);
            weight.close();
            bias.close();
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static void checkRows(RowHead head, int width) {
        float[] rows = values(ROWS * HIDDEN, 7);
        float[] gradient = values(ROWS * width, 8);
        ToDoubleFunction<float[]> loss = at -> product(head.forward(matrix(at)), gradient);
        Tensor back = head.backward(matrix(rows), Torch.floats(gradient).view(ROWS, width));
        Slopes.check(loss, rows, Torch.toFloats(back), STEP, TOLERANCE);
    }

    private static void checkParameter(RowHead head, Parameter parameter, int width) {
        float[] rows = values(ROWS * HIDDEN, 9);
        float[] gradient = values(ROWS * width, 10);
        float[] now = Torch.toFloats(parameter.tensor());
        ToDoubleFunction<float[]> loss = at -> {
            set(parameter, at);
            double value = product(head.forward(matrix(rows)), gradient);
            set(parameter, now);
            return value;
        };
        parameter.trainable(true);
        head.backward(matrix(rows), Torch.floats(gradient).view(ROWS, width));
        float[] own = Torch.toFloats(parameter.gradient().orElseThrow());
        parameter.clearGradient();
        parameter.trainable(false);
        Slopes.check(loss, now, own, STEP, TOLERANCE);
    }

    private static void set(Parameter parameter, float[] values) {
        parameter.tensor().detach().copy_(Torch.floats(values).view(parameter.shape()));
    }

    private static double product(Tensor outputs, float[] gradient) {
        float[] values = Torch.toFloats(outputs);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (double) values[i] * gradient[i];
        }
        return sum;
    }

    private static Tensor matrix(float[] rows) {
        return Torch.floats(rows).view(ROWS, HIDDEN);
    }

    private static float[] values(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.7f;
        }
        return values;
    }
}
