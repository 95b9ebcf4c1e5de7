package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of quantised matrices stand for the same numbers as the whole, bit for bit, or are refused. */
class DividedWeightTest {
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
            Divisible.Division rows = whole.outputs(cut);
            Divisible.Division columns = whole.inputs(cut, unused -> {});
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
            assertThatThrownBy(() -> whole.inputs(Cut.equal(192, 2, 0), unused -> {}))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("layer, [128, 192] as a FourBitWeight, cannot be cut along dimension 1");
            whole.close();
            QuantisedLinear acrossRows = linear("hqq", Map.of("quantBits", 4, "hqqAxis", 0), 128, 128);
            assertThatThrownBy(() -> acrossRows.outputs(Cut.equal(128, 2, 0))).isInstanceOf(UserError.class);
            acrossRows.close();
        }
    }
}
