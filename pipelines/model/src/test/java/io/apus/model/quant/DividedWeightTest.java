package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.quant.format.FormatCase;
import io.apus.model.quant.format.GptqWeight;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of quantised matrices stand for the same numbers as the whole, bit for bit, or there are none. */
class DividedWeightTest {
    @TempDir
    Path folder;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static QuantisedLinear linear(String method, Map<String, Object> more, long out, long in) {
        Map<String, Object> options = new HashMap<>(more);
        options.put("quantMethod", method);
        Tensor weight = Torch.zeros(out, in).normal_(0, 1, new GeneratorOptional(torch.make_generator_cpu(1)));
        return Quantisers.of(JSON.convertValue(options, QuantiseSpec.class))
                .orElseThrow()
                .quantise("layer", weight, null);
    }

    private static Map<String, Object> options(String method, int bits, String type) {
        return method.equals("bnb") && bits == 4
                ? Map.of("quantBits", bits, "bnb4bitQuantType", type, "bnb4bitUseDoubleQuant", type.equals("nf4"))
                : Map.of("quantBits", bits);
    }

    @ParameterizedTest
    @CsvSource({"bnb, 4, nf4", "bnb, 4, fp4", "bnb, 8,", "hqq, 4,", "hqq, 3,", "hqq, 8,", "eetq, 8,", "fp8, 8,"})
    void partsHaveTheNumbersOfTheWhole(String method, int bits, String type) {
        Cut cut = new Cut(384, List.of(new Cut.Span(0, 128), new Cut.Span(256, 384)));
        long before = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            QuantisedLinear whole = linear(method, options(method, bits, type), 384, 384);
            Divisible.Division rows = whole.outputs(cut).orElseThrow();
            Divisible.Division columns = whole.inputs(cut, unused -> {}).orElseThrow();
            Tensor all = whole.dequantise();
            assertThat(numbers(rows)).containsExactly(Torch.toFloats(cut.of(all, 0)));
            assertThat(numbers(columns)).containsExactly(Torch.toFloats(cut.of(all, 1)));
            rows.part().close();
            columns.part().close();
            whole.close();
        }
        assertThat(Scope.liveNatives()).isEqualTo(before);
    }

    private static float[] numbers(Divisible.Division division) {
        return Torch.toFloats(((QuantisedLinear) division.part()).dequantise());
    }

    @Test
    void blocksAreNotTornApart() {
        try (Scope scope = Scope.open()) {
            QuantisedLinear whole = linear("bnb", options("bnb", 4, "nf4"), 128, 192);
            assertThat(whole.inputs(Cut.equal(192, 2, 0), unused -> {})).isEmpty();
            whole.close();
            QuantisedLinear acrossRows = linear("hqq", Map.of("quantBits", 4, "hqqAxis", 0), 128, 128);
            assertThat(acrossRows.outputs(Cut.equal(128, 2, 0))).isEmpty();
            acrossRows.close();
        }
    }

    /** As files hold them: linears of 64 and 128 inputs and outputs, in groups of 32, are halved. */
    @Test
    void storedFormatsAreDividedToo() {
        for (FormatCase format : FormatCase.all()) {
            if (format.name().matches("(gptq|awq|aqlm|packed).*")) {
                QuantisedFolder.write(folder, format);
                try (Scope scope = Scope.open();
                        DecoderModel model = DecoderModel.load(folder)) {
                    // The others' halves are no whole words of three bits.
                    model.projections().values().stream()
                            .map(slot -> (QuantisedLinear) slot.get())
                            .filter(linear -> linear.outFeatures() >= 64)
                            .forEach(DividedWeightTest::requireHalves);
                }
            }
        }
    }

    private static void requireHalves(QuantisedLinear whole) {
        for (int half = 0; half < 2; half++) {
            Cut rows = Cut.equal(whole.outFeatures(), 2, half);
            Cut columns = Cut.equal(whole.inFeatures(), 2, half);
            Divisible.Division outputs = whole.outputs(rows).orElseThrow();
            Divisible.Division inputs = whole.inputs(columns, unused -> {}).orElseThrow();
            assertThat(numbers(outputs)).containsExactly(Torch.toFloats(rows.of(whole.dequantise(), 0)));
            assertThat(numbers(inputs)).containsExactly(Torch.toFloats(columns.of(whole.dequantise(), 1)));
            outputs.part().close();
            inputs.part().close();
        }
    }

    /** Inputs in the order of their importance have groups all over the matrix. */
    @Test
    void scatteredGroupsAreInEveryPart() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = Torch.zeros(32, 64).normal_(0, 1, new GeneratorOptional(torch.make_generator_cpu(2)));
            GptqWeight plain = GptqWeight.nearest(matrix, 4, 16, false, 1);
            GptqWeight scattered = new GptqWeight(
                    4,
                    1,
                    32,
                    64,
                    plain.qweight(),
                    plain.qzeros(),
                    plain.scales(),
                    plain.groupIndex().flip(0),
                    0);
            Cut cut = Cut.equal(64, 4, 1);
            assertThat(Torch.toFloats(scattered.part(cut, 1).orElseThrow().dequantise()))
                    .containsExactly(Torch.toFloats(cut.of(scattered.dequantise(), 1)));
            assertThat(plain.part(Cut.equal(64, 8, 1), 1)).isEmpty();
        }
    }
}
