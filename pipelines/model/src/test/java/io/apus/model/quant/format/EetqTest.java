package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class EetqTest {
    /** No bytes of EETQ's own are at hand: its documented steps, done one number at a time, must be undone. */
    @Test
    void undoesTheDocumentedOrder() {
        int in = 128;
        int out = 192;
        try (Scope scope = Scope.open()) {
            Torch.seed(6);
            Tensor numbers = torch.randint(-128, 128, new long[] {out, in}).to(torch.ScalarType.Char);
            Tensor stored = Torch.floats(ordered(Torch.toFloats(numbers), in, out))
                    .to(torch.ScalarType.Char)
                    .view(in, out);
            Tensor scales = torch.rand(out).to(torch.ScalarType.Half);
            ScaledWeight read =
                    Eetq.read(MapTensors.linear(Map.of("weight", stored, "weight_scales", scales), out, in));
            assertThat(read.numbers().equal(numbers)).isTrue();
            Tensor wanted = numbers.to(torch.ScalarType.Float)
                    .mul(scales.to(torch.ScalarType.Float).unsqueeze(1));
            assertThat(read.dequantise().equal(wanted)).isTrue();
        }
    }

    private static float[] ordered(float[] numbers, int in, int out) {
        float[] permuted = new float[in * out];
        for (int row = 0; row < in; row++) {
            int within = row % 16;
            int read = row - within + 8 * (within % 4 / 2) + within % 2 + 2 * (within / 4);
            for (int column = 0; column < out; column++) {
                permuted[column * in + row] = numbers[column * in + read];
            }
        }
        float[] interleaved = new float[in * out];
        for (int column = 0; column < out; column++) {
            for (int row = 0; row < in; row++) {
                int place = 2 * (row / 64 * 64) + 64 * (column % 2) + row % 64;
                interleaved[column / 2 * in * 2 + place] = permuted[column * in + row];
            }
        }
        float[] stored = new float[in * out];
        int[] exchange = {0, 2, 1, 3};
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (byte) ((int) interleaved[i - i % 4 + exchange[i % 4]] + 128);
        }
        return stored;
    }

    @Test
    void quantisesByOutputs() {
        try (Scope scope = Scope.open()) {
            Torch.seed(7);
            Tensor matrix = torch.randn(64, 64);
            ScaledWeight made = Eetq.quantise(matrix);
            Tensor step = matrix.abs().amax(new long[] {1}, true).div(new Scalar(128.0));
            Tensor error = made.dequantise().sub(matrix).abs().div(step);
            // The largest number itself is cut off at 127 of 128; scales are float16.
            assertThat(error.max().item_double()).isLessThan(1.1);
        }
    }

    @Test
    void sizesWithoutItsOrderAreRefused() {
        try (Scope scope = Scope.open()) {
            Tensor weight = torch.zeros(32, 64).to(torch.ScalarType.Char);
            assertThatThrownBy(() -> Eetq.read(MapTensors.linear(Map.of("weight", weight), 64, 32)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("multiples of 64");
        }
    }
}
