package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HqqWeightTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void whatWasWrittenReadsTheSame(int bits) {
        try (Scope scope = Scope.open()) {
            Torch.seed(8);
            Tensor matrix = torch.randn(48, 128);
            for (int axis : new int[] {0, 1}) {
                HqqWeight made = HqqWeight.quantise(matrix, bits, 64, axis);
                Tensor back = made.dequantise();
                HqqWeight read = HqqWeight.read(MapTensors.linear(stored(made), 48, 128));
                assertThat(read.dequantise().equal(back)).isTrue();
                assertThat(Torch.shape(made.packed())[0])
                        .isEqualTo(HqqPacking.of(bits).packedRows(axis == 1 ? 96 : 64));
                if (bits > 1) {
                    double step = 8.0 / ((1 << bits) - 1);
                    assertThat(QuantGolden.maxError(back, matrix)).isLessThan(step);
                }
            }
        }
    }

    /** The tensors and the settings that HQQLinear's state_dict adds. */
    private static SortedMap<String, Tensor> stored(HqqWeight weight) {
        SortedMap<String, Tensor> all = weight.tensors();
        all.put("nbits", number(weight.bits()));
        all.put("axis", number(weight.axis()));
        all.put("group_size", number(weight.groupSize()));
        return all;
    }

    private static Tensor number(long value) {
        return Torch.longs(value).to(torch.ScalarType.Int).view(new long[0]);
    }

    /** The solver gives up a little squared error for less error in the 0.7-norm; plain rounding is its start. */
    @Test
    void theSolverLowersTheError() {
        try (Scope scope = Scope.open()) {
            Torch.seed(9);
            Tensor matrix = torch.randn(64, 128).pow(Torch.scalar(3));
            HqqWeight solved = HqqWeight.quantise(matrix, 3, 64, 1);
            Tensor groups = matrix.view(-1, 64);
            Tensor low = groups.amin(new long[] {1}, true);
            Tensor scale =
                    groups.amax(new long[] {1}, true).sub(low).reciprocal().mul(Torch.scalar(7));
            Tensor zero = low.neg().mul(scale);
            Tensor plain = HqqSolver.rounded(groups, scale, zero, 7).sub(zero).div(scale);
            assertThat(norm(solved.dequantise().view(-1, 64).sub(groups))).isLessThan(0.99 * norm(plain.sub(groups)));
        }
    }

    private static double norm(Tensor error) {
        return error.abs().pow(Torch.scalar(0.7)).mean().item_double();
    }

    @Test
    void packsAsHqqDoes() {
        try (Scope scope = Scope.open()) {
            Tensor numbers = Torch.floats(1, 2, 3, 4, 5, 6, 7, 8).view(8, 1);
            assertThat(Torch.toLongs(HqqPacking.of(4).pack(numbers))).containsExactly(0x15, 0x26, 0x37, 0x48);
            Tensor small = Torch.floats(3, 2, 1, 0).view(4, 1);
            assertThat(Torch.toLongs(HqqPacking.of(2).pack(small))).containsExactly(0b11100100);
            Tensor eleven = Torch.floats(7, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3).view(11, 1);
            assertThat(Torch.toLongs(HqqPacking.of(3).pack(eleven)))
                    .containsExactly(
                            0b111_010_100_110_001_011_000_000_000_000, 0b001_011_101_111_010_000_000_000_000_000);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Scope scope = Scope.open()) {
            Torch.seed(8);
            SortedMap<String, Tensor> good = stored(HqqWeight.quantise(torch.randn(48, 128), 4, 64, 1));
            refused(MapTensors.linear(good, 40, 128), "W_q does not hold");
            refused(MapTensors.with(good, "nbits", number(5), 48, 128), "nbits is 5");
            refused(MapTensors.with(good, "group_size", number(0), 48, 128), "group_size is 0");
            refused(MapTensors.with(good, "axis", number(2), 48, 128), "axis is 2");
            Stream.of("W_q", "scale", "zero", "nbits")
                    .forEach(key -> refused(MapTensors.without(good, key, 48, 128), "linear." + key + " is missing"));
            assertThatThrownBy(() -> HqqWeight.quantise(torch.randn(3, 5), 4, 64, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("no whole groups of 64");
        }
    }

    private static void refused(StoredLinear linear, String message) {
        assertThatThrownBy(() -> HqqWeight.read(linear))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }
}
