package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ScaledWeightTest {
    @Test
    void fp8InSquaresAgreesBothWays() {
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("fp8_block128")) {
            Tensor wanted = golden.file().tensor("dequant");
            ScaledWeight read = ScaledWeight.readBlocks(golden.linear(256, 256), 128, 128);
            assertThat(Torch.toFloats(read.dequantise())).isEqualTo(Torch.toFloats(wanted));
            ScaledWeight made = ScaledWeight.fp8(golden.file().tensor("original"));
            assertThat(QuantGolden.maxError(made.scales(), golden.file().tensor("weight_scale_inv")))
                    .isLessThan(1e-8);
            Tensor ours = made.numbers().view(torch.ScalarType.Byte);
            Tensor theirs = golden.file().tensor("weight").view(torch.ScalarType.Byte);
            // A scale that differs in its last bit moves a number on an edge by one code.
            assertThat(ours.ne(theirs).sum().item_long()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void fp8ByRowsAgrees() {
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("ct_fp8_channel")) {
            ScaledWeight read = ScaledWeight.readScaled(golden.linear(64, 128));
            assertThat(Torch.toFloats(read.dequantise()))
                    .isEqualTo(Torch.toFloats(golden.file().tensor("dequant")));
            refused(() -> ScaledWeight.readScaled(golden.linear(32, 256)), "weight_scale has 64 scales");
            refused(() -> ScaledWeight.readBlocks(golden.linear(64, 128), 128, 128), "weight_scale_inv is missing");
        }
    }

    /** Every code of both types, not-a-numbers and infinities apart. */
    @Test
    void everyByteHasTheReferencesValue() {
        try (Scope scope = Scope.open();
                SafeTensorsFile tables =
                        SafeTensorsFile.open(SharedReference.path("golden/quant/fp8_tables.safetensors"))) {
            Tensor bytes = tables.tensor("all_e4m3");
            Tensor one = torch.ones(1);
            Tensor e4m3 = new ScaledWeight(
                            "s", bytes.view(torch.ScalarType.Float8_e4m3fn).view(1, 256), one, 1, 256, 1)
                    .dequantise();
            assertThat(Torch.toFloats(e4m3)).isEqualTo(Torch.toFloats(tables.tensor("as_f32")));
            Tensor e5m2 = new ScaledWeight(
                            "s", bytes.view(torch.ScalarType.Float8_e5m2).view(1, 256), one, 1, 256, 1)
                    .dequantise();
            assertThat(Torch.toFloats(e5m2)).isEqualTo(Torch.toFloats(tables.tensor("e5m2_as_f32")));
        }
    }

    @Test
    void squaresThatAreNotFullCount() {
        try (Scope scope = Scope.open()) {
            Torch.seed(5);
            Tensor matrix = torch.randn(130, 200);
            ScaledWeight made = ScaledWeight.fp8(matrix);
            ScaledWeight read = ScaledWeight.readBlocks(MapTensors.linear(made.tensors(), 130, 200), 128, 128);
            assertThat(read.dequantise().equal(made.dequantise())).isTrue();
            // Three bits of fraction: half a unit is one sixteenth.
            Tensor relative =
                    made.dequantise().sub(matrix).abs().div(matrix.abs().add(new Scalar(0.01)));
            assertThat(relative.max().item_double()).isLessThan(0.0626);
            Tensor zeros = Torch.zeros(4, 4);
            assertThat(ScaledWeight.fp8(zeros).dequantise().equal(zeros)).isTrue();
        }
    }

    @Test
    void int8RowsFollowTheirLargestNumber() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = Torch.floats(1, -2, 0.5f, 0.004f, 0, 0, 0, 0).view(2, 4);
            ScaledWeight made = ScaledWeight.int8(matrix);
            assertThat(Torch.toFloats(made.numbers())).containsExactly(64, -127, 32, 0, 0, 0, 0, 0);
            assertThat(Torch.toFloats(made.scales())).containsExactly(2, 0);
            ScaledWeight read = ScaledWeight.readInt8(MapTensors.linear(made.tensors(), 2, 4));
            Tensor back = read.dequantise();
            assertThat(back.equal(made.dequantise())).isTrue();
            assertThat(QuantGolden.maxError(back, matrix)).isLessThan(2 / 127.0 / 2 + 1e-6);
            refused(
                    () -> ScaledWeight.readInt8(MapTensors.without(made.tensors(), "SCB", 2, 4)),
                    "linear.SCB is missing");
        }
    }

    private static void refused(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(UserError.class).hasMessageContaining(message);
    }
}
