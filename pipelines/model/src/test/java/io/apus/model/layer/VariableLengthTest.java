package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
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

    /** Shapes without memory refuse to meet tensors of the CPU: whatever is made on the way must lie where the states do. */
    @Test
    void everyWayToAttendStaysOnTheDeviceOfTheStates() {
        try (Scope scope = Scope.open()) {
            // What hides scores needs an operator that knows no tensors without memory: of that, the mask alone.
            assertThat(Device.of(SegmentRuns.band(Device.META, 2, 3, 2))).isEqualTo(Device.META);
            assertThat(Device.of(Alibi.of(4).biases(Device.META, 5))).isEqualTo(Device.META);
            Tensor query = Device.META.zeros(DType.F32, 12, 4, 8);
            Tensor key = Device.META.zeros(DType.F32, 12, 2, 8);
            KeyPrefix prefix =
                    new KeyPrefix(Device.META.zeros(DType.F32, 2, 2, 8), Device.META.zeros(DType.F32, 2, 2, 8));
            for (KeyPrefix seen : new KeyPrefix[] {null, prefix}) {
                Tensor result =
                        new SegmentRuns(new int[] {4, 4, 3, 1}, Device.META).attend(query, key, key, PLAIN, seen);
                assertThat(Device.of(result)).isEqualTo(Device.META);
                assertThat(Torch.shape(result)).containsExactly(12, 32);
            }
        }
    }
}
