package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Formats that are read and of which no bytes of the reference are at hand: against the formats' own definitions, number by number. */
class OtherFormatsTest {
    @Test
    void aqlmSumsVectorsOfItsCodebooks() {
        try (Scope scope = Scope.open()) {
            Torch.seed(10);
            Tensor codes = torch.randint(-128, 128, new long[] {4, 3, 2}).to(torch.ScalarType.Char);
            Tensor books = torch.randn(2, 256, 2, 8);
            Tensor scales = torch.rand(4, 1, 1, 1);
            AqlmWeight read = AqlmWeight.read(
                    MapTensors.linear(Map.of("codes", codes, "codebooks", books, "scales", scales), 8, 24));
            float[] got = Torch.toFloats(read.dequantise());
            long[] code = Torch.toLongs(codes);
            float[] book = Torch.toFloats(books);
            float[] scale = Torch.toFloats(scales);
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 24; column++) {
                    int first = (row / 2 * 3 + column / 8) * 2;
                    int inside = row % 2 * 8 + column % 8;
                    float one = book[(int) (code[first] & 0xff) * 16 + inside];
                    float two = book[(256 + (int) (code[first + 1] & 0xff)) * 16 + inside];
                    assertThat(got[row * 24 + column]).isEqualTo((one + two) * scale[row / 2]);
                }
            }
            refused(
                    () -> AqlmWeight.read(MapTensors.linear(
                            Map.of("codes", codes, "codebooks", torch.randn(2, 256, 3, 8), "scales", scales), 8, 24)),
                    "fits no linear of [8, 24]");
            refused(
                    () -> AqlmWeight.read(MapTensors.linear(
                            Map.of("codes", codes, "codebooks", torch.randn(2, 200, 2, 8), "scales", scales), 8, 24)),
                    "names vectors beyond 199");
        }
    }

    @Test
    void compressedTensorsPacksSignedNumbers() {
        try (Scope scope = Scope.open()) {
            Torch.seed(11);
            Tensor numbers = torch.randint(-8, 8, new long[] {16, 32}).to(torch.ScalarType.Int);
            Tensor scales = torch.rand(16, 2);
            Tensor packed = BitFields.packColumns(numbers.add(new Scalar(8)), 4);
            Map<String, Tensor> files = new HashMap<>(Map.of("weight_packed", packed, "weight_scale", scales));
            Tensor wanted = numbers.view(16, 2, 16).mul(scales.unsqueeze(2)).view(16, 32);
            assertThat(PackedWeight.read(MapTensors.linear(files, 16, 32))
                            .dequantise()
                            .equal(wanted))
                    .isTrue();
            Tensor zeros = torch.randint(-8, 8, new long[] {16, 2}).to(torch.ScalarType.Int);
            files.put("weight_zero_point", BitFields.packRows(zeros.add(new Scalar(8)), 4));
            Tensor shifted = numbers.view(16, 2, 16).sub(zeros.unsqueeze(2)).mul(scales.unsqueeze(2));
            assertThat(PackedWeight.read(MapTensors.linear(files, 16, 32))
                            .dequantise()
                            .equal(shifted.view(16, 32)))
                    .isTrue();
            Tensor index = torch.randint(2, new long[] {32}).to(torch.ScalarType.Int);
            files.put("weight_g_idx", index);
            Tensor scattered = numbers.sub(zeros.index_select(1, index)).mul(scales.index_select(1, index));
            assertThat(PackedWeight.read(MapTensors.linear(files, 16, 32))
                            .dequantise()
                            .equal(scattered))
                    .isTrue();
            files.put("weight_g_idx", index.add(new Scalar(1)).to(torch.ScalarType.Int));
            refused(() -> PackedWeight.read(MapTensors.linear(files, 16, 32)), "outside 0..1");
            refused(() -> PackedWeight.read(MapTensors.linear(files, 16, 64)), "weight_g_idx has shape [32]");
        }
    }

    @Test
    void mxfp4HoldsFourBitFloatsWithASharedExponent() {
        try (Scope scope = Scope.open()) {
            Tensor blocks = torch.zeros(2, 1, 16).to(torch.ScalarType.Byte);
            blocks.select(0, 0).select(0, 0).narrow(0, 0, 1).fill_(new Scalar(0x1f));
            blocks.select(0, 1).select(0, 0).narrow(0, 15, 1).fill_(new Scalar(0x72));
            Tensor scales = Torch.longs(128, 126).to(torch.ScalarType.Byte).view(2, 1);
            float[] got = Torch.toFloats(Mxfp4.dequantise(blocks, scales));
            assertThat(got).hasSize(64);
            assertThat(got[0]).isEqualTo(-12);
            assertThat(got[1]).isEqualTo(1);
            assertThat(got[62]).isEqualTo(0.5f);
            assertThat(got[63]).isEqualTo(3);
            refused(() -> Mxfp4.dequantise(blocks, scales.view(1, 2)), "do not belong together");
        }
    }

    private static void refused(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(UserError.class).hasMessageContaining(message);
    }
}
