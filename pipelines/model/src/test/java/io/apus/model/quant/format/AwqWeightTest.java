package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class AwqWeightTest {
    /** The reference computes in float16: our float32 values rounded to it are its own, but for double roundings. */
    @Test
    void theReferencesWordsGiveItsWeights() {
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("awq_gemm_w4g32")) {
            Tensor matrix = AwqWeight.read(golden.linear(64, 128), 4, 32).dequantise();
            Tensor halves = matrix.to(torch.ScalarType.Half).t();
            assertThat(Torch.toFloats(halves))
                    .isEqualTo(Torch.toFloats(golden.file().tensor("dequant_in_out")));
            assertThat(QuantGolden.maxError(matrix, golden.file().tensor("fake_quant_out_in")))
                    .isLessThan(1e-3);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("awq_gemm_w4g32")) {
            refused(golden.linear(64, 128), 3, 32, "bits is 3");
            refused(golden.linear(64, 128), 4, 64, "linear.qzeros has shape [4, 8]");
            refused(golden.linear(64, 128), 4, 48, "cannot cut 128 inputs");
            refused(golden.linear(60, 128), 4, 32, "whole words");
            refused(golden.linear(128, 64), 4, 32, "linear.qweight has shape");
        }
    }

    private static void refused(StoredLinear linear, int bits, long groupSize, String message) {
        assertThatThrownBy(() -> AwqWeight.read(linear, bits, groupSize))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }
}
