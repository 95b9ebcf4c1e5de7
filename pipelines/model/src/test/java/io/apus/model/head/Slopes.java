package io.apus.model.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;

/** Compares gradients with differences of a function. */
final class Slopes {
    private Slopes() {}

    /** Checks each entry of {@code gradient} against a central difference of {@code loss} of width 2 {@code step}. */
    static void check(ToDoubleFunction<float[]> loss, float[] at, float[] gradient, double step, double tolerance) {
        assertThat(gradient).hasSameSizeAs(at);
        for (int i = 0; i < at.length; i++) {
            float[] up = at.clone();
            float[] down = at.clone();
            up[i] += (float) step;
            down[i] -= (float) step;
            double slope = (loss.applyAsDouble(up) - loss.applyAsDouble(down)) / ((double) up[i] - down[i]);
            assertThat((double) gradient[i]).as("entry %d", i).isCloseTo(slope, Offset.offset(tolerance));
        }
    }
}
