package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import org.junit.jupiter.api.Test;

class VariableLengthTest {
    private static final AttentionRule PLAIN = AttentionRule.of(0, 0.125);

    @Test
    void theKernelTakesPlainAttentionIn16BitsAlone() {
        assertThat(VariableLength.takes(DType.BF16, 64, 64, PLAIN)).isTrue();
        assertThat(VariableLength.takes(DType.F16, 256, 256, AttentionRule.of(128, 1)))
                .isTrue();
        assertThat(VariableLength.takes(DType.F32, 64, 64, PLAIN)).isFalse();
        assertThat(VariableLength.takes(DType.BF16, 192, 128, PLAIN)).isFalse();
        assertThat(VariableLength.takes(DType.BF16, 20, 20, PLAIN)).isFalse();
        assertThat(VariableLength.takes(DType.BF16, 264, 264, PLAIN)).isFalse();
        assertThat(VariableLength.takes(DType.BF16, 64, 64, PLAIN.withSoftcap(50)))
                .isFalse();
        assertThat(VariableLength.takes(DType.BF16, 64, 64, PLAIN.withAlibi(Alibi.of(4))))
                .isFalse();
    }

    @Test
    void onACpuThereIsNone() {
        assertThat(VariableLength.of(new int[] {3, 5}, Device.CPU)).isNull();
    }

    @Test
    void masksAndBiasesAreMadeOnTheDeviceOfTheStates() {
        try (Scope scope = Scope.open()) {
            assertThat(Device.of(SegmentRuns.band(Device.META, 2, 3, 2))).isEqualTo(Device.META);
            assertThat(Device.of(Alibi.of(4).biases(Device.META, 5))).isEqualTo(Device.META);
            assertThat(Device.of(
                            TokenBatch.of(new long[] {1, 2}, 2).on(Device.META).positionIds()))
                    .isEqualTo(Device.META);
        }
    }
}
