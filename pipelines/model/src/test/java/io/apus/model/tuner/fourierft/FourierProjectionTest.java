package io.apus.model.tuner.fourierft;

import static io.apus.model.tuner.SmallLinears.IN;
import static io.apus.model.tuner.SmallLinears.OUT;
import static io.apus.model.tuner.SmallLinears.generator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.layer.Linear;
import io.apus.model.tuner.SmallLinears;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FourierProjectionTest {
    @Test
    void theMatrixIsTheInverseTransformOfEntriesAtTorchsRandomPlaces() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            int count = 9;
            FourierProjection fourier = SmallLinears.disturbed(
                    FourierProjection.around("m", base, new FourierSettings(count, 30, 777, true), generator()));
            float[] spectrum = Torch.toFloats(fourier.added().get(0).tensor());
            long[] places = TorchPermutation.first(count, OUT * IN, 777);
            float[] wanted = new float[OUT * IN];
            for (int out = 0; out < OUT; out++) {
                for (int in = 0; in < IN; in++) {
                    double sum = 0;
                    for (int k = 0; k < count; k++) {
                        long row = places[k] / IN;
                        long column = places[k] % IN;
                        double turns = row * out / (double) OUT + column * in / (double) IN;
                        sum += spectrum[k] * Math.cos(2 * Math.PI * turns);
                    }
                    wanted[out * IN + in] = (float) (30 * sum / (OUT * IN));
                }
            }
            assertThat(Torch.toFloats(fourier.delta())).containsExactly(wanted, Offset.offset(1e-5f));
        }
    }

    @Test
    void moreFrequenciesThanWeightsAreRefused() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            assertThatThrownBy(() ->
                            FourierProjection.around("m", base, new FourierSettings(385, 30, 777, true), generator()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("384 weights");
        }
    }
}
