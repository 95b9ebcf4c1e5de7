package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.QuantiseSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantiseSpecTest {
    @Test
    void everyMethodHasItsBits() {
        assertThat(of("bnb", 4).bnb4bitUseDoubleQuant()).isTrue();
        assertThat(of("fp8", null).quantMethod()).isEqualTo("fp8");
        refused("bnb", 3, "must be one of [4, 8] for bnb, is 3");
        refused("hqq", null, "must be one of [1, 2, 3, 4, 8] for hqq, is null");
        refused("eetq", 4, "for eetq");
        refused(null, 4, "needs a quant_method");
        refused("quanto", 8, "\"quanto\" is not one of bnb, hqq, eetq, fp8");
    }

    @Test
    void whatWouldDoNothingIsRefused() {
        assertThatThrownBy(() -> new QuantiseSpec("bnb", 4, 1, null, "nf5", null, "float32"))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("hqq_axis")
                .hasMessageContaining("\"nf5\"")
                .hasMessageContaining("bnb_4bit_quant_storage");
        assertThatThrownBy(() -> new QuantiseSpec("hqq", 4, 2, "bfloat16", null, null, null))
                .hasMessageContaining("must be 0 or 1")
                .hasMessageContaining("bnb_4bit_compute_dtype: does nothing without quant_method bnb");
    }

    @Test
    void optionsOfFourBitsNeedFourBits() {
        for (QuantiseSpec other : List.of(QuantiseSpec.none(), of("bnb", 8), of("fp8", null))) {
            String method = other.quantMethod();
            Integer bits = other.quantBits();
            assertThatThrownBy(() -> new QuantiseSpec(method, bits, null, "float32", "fp4", false, "uint8"))
                    .isInstanceOf(InvalidSpec.class)
                    .hasMessageContaining("bnb_4bit_compute_dtype: does nothing without")
                    .hasMessageContaining("bnb_4bit_quant_type: does nothing without")
                    .hasMessageContaining("bnb_4bit_use_double_quant: does nothing without")
                    .hasMessageContaining("bnb_4bit_quant_storage: does nothing without");
            assertThat(new QuantiseSpec(method, bits, null, null, "nf4", true, null))
                    .as("left at the defaults")
                    .isEqualTo(other);
        }
    }

    private static QuantiseSpec of(String method, Integer bits) {
        return new QuantiseSpec(method, bits, null, null, null, null, null);
    }

    private static void refused(String method, Integer bits, String message) {
        assertThatThrownBy(() -> of(method, bits))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(message);
    }
}
