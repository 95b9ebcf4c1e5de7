package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GptqWeightTest {
    /** The reference's weights before packing differ by the rounding of scales to float16: half a unit in 2048, on weights below 4. */
    @ParameterizedTest
    @ValueSource(
            strings = {"w2g32_asym", "w2g32_sym", "w3g32_asym", "w4g32_asym", "w4g32_sym", "w8g32_asym", "w8g32_sym"})
    void theReferencesWordsGiveItsWeightsAndProducts(String name) {
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("gptq_v1_" + name)) {
            GptqWeight read = GptqWeight.read(golden.linear(64, 128), name.charAt(1) - '0', 32, 1);
            Tensor matrix = read.dequantise();
            assertThat(read.groupSize()).isEqualTo(32);
            assertThat(QuantGolden.maxError(matrix, golden.file().tensor("fake_quant_out_in")))
                    .isLessThan(1e-3);
            Tensor products = torch.linear(golden.file().tensor("x"), matrix);
            assertThat(QuantGolden.maxError(products, golden.file().tensor("y")))
                    .isLessThan(2e-5);
        }
    }

    /** Numbers taken out of the reference's words and put back give the same words. */
    @ParameterizedTest
    @ValueSource(strings = {"w2g32_sym", "w3g32_asym", "w4g32_asym", "w8g32_sym"})
    void packingGivesTheReferencesWords(String name) {
        int bits = name.charAt(1) - '0';
        try (Scope scope = Scope.open();
                QuantGolden golden = QuantGolden.open("gptq_v1_" + name)) {
            Tensor words = golden.file().tensor("qweight");
            assertThat(QuantGolden.same(BitFields.packRows(BitFields.unpackRows(words, bits), bits), words))
                    .isTrue();
            Tensor zeros = golden.file().tensor("qzeros");
            assertThat(QuantGolden.same(BitFields.packColumns(BitFields.unpackColumns(zeros, bits), bits), zeros))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void bothVersionsHoldTheSameWeights(int bits) {
        try (Scope scope = Scope.open()) {
            Torch.seed(3);
            Tensor matrix = torch.randn(32, 64);
            for (boolean symmetric : new boolean[] {false, true}) {
                Tensor first = read(GptqWeight.nearest(matrix, bits, 32, symmetric, 1), bits, 1);
                Tensor second = read(GptqWeight.nearest(matrix, bits, 32, symmetric, 2), bits, 2);
                assertThat(first.equal(second)).isTrue();
                double step = matrix.max().item_double() - matrix.min().item_double();
                assertThat(QuantGolden.maxError(first, matrix)).isLessThan(2 * step / ((1 << bits) - 1));
            }
        }
    }

    private static Tensor read(GptqWeight weight, int bits, int version) {
        return GptqWeight.read(MapTensors.linear(weight.tensors(), 32, 64), bits, 32, version)
                .dequantise();
    }

    /** Act-order models scatter the inputs over the groups: moving inputs with their groups moves the weights' columns. */
    @Test
    void inputsMayBeScatteredOverTheGroups() {
        try (Scope scope = Scope.open()) {
            Torch.seed(4);
            GptqWeight weight = GptqWeight.nearest(torch.randn(32, 64), 4, 16, false, 1);
            Tensor order = torch.randperm(64);
            Tensor numbers = BitFields.unpackRows(weight.qweight(), 4).index_select(0, order);
            SortedMap<String, Tensor> moved = weight.tensors();
            moved.put("qweight", BitFields.packRows(numbers, 4));
            moved.put("g_idx", weight.groupIndex().index_select(0, order));
            GptqWeight read = GptqWeight.read(MapTensors.linear(moved, 32, 64), 4, 16, 1);
            assertThat(read.groupSize()).isZero();
            assertThat(read.dequantise().equal(weight.dequantise().index_select(1, order)))
                    .isTrue();
        }
    }

    @Test
    void withoutAnIndexTheGroupsAreInOrder() {
        try (Scope scope = Scope.open()) {
            Torch.seed(4);
            GptqWeight weight = GptqWeight.nearest(torch.randn(32, 64), 4, 16, true, 2);
            GptqWeight read = GptqWeight.read(MapTensors.without(weight.tensors(), "g_idx", 32, 64), 4, 16, 2);
            assertThat(read.dequantise().equal(weight.dequantise())).isTrue();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Scope scope = Scope.open()) {
            Torch.seed(4);
            SortedMap<String, Tensor> good =
                    GptqWeight.nearest(torch.randn(32, 64), 4, 16, true, 1).tensors();
            refused(MapTensors.linear(good, 32, 64), 5, 16, "bits is 5");
            refused(MapTensors.linear(good, 32, 64), 4, 32, "which group_size 32 needs");
            refused(MapTensors.linear(good, 36, 64), 4, 16, "whole words");
            refused(MapTensors.linear(good, 32, 128), 4, 16, "which group_size 16 needs");
            refused(
                    MapTensors.linear(good, 32, 64),
                    2,
                    16,
                    "linear.qweight has shape [8, 64]".replace("[8, 64]", "[8, 32]"));
            Tensor outside = good.get("g_idx").add(new Scalar(1)).to(torch.ScalarType.Int);
            refused(MapTensors.with(good, "g_idx", outside, 32, 64), 4, 16, "names groups outside 0..3");
            Tensor negative = good.get("g_idx").sub(new Scalar(1)).to(torch.ScalarType.Int);
            refused(MapTensors.with(good, "g_idx", negative, 32, 64), 4, 16, "names groups outside");
            refused(MapTensors.without(good, "qzeros", 32, 64), 4, 16, "linear.qzeros is missing");
        }
    }

    private static void refused(StoredLinear linear, int bits, long groupSize, String message) {
        assertThatThrownBy(() -> GptqWeight.read(linear, bits, groupSize, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }
}
