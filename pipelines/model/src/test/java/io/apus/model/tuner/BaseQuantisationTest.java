package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseQuantisationTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNotedIsReadAgain() throws IOException {
        Path converted = Files.createDirectories(folder.resolve("converted/default"));
        assertThat(BaseQuantisation.read(folder)).isEqualTo(QuantiseSpec.none());
        BaseQuantisation.write(folder, QuantiseSpec.none());
        assertThat(folder.resolve(BaseQuantisation.FILE)).doesNotExist();
        for (QuantiseSpec spec : List.of(
                new QuantiseSpec("bnb", 4, null, "bfloat16", "fp4", false, null),
                new QuantiseSpec("bnb", 8, null, null, null, null, null),
                new QuantiseSpec("hqq", 3, 0, null, null, null, null),
                new QuantiseSpec("fp8", null, null, null, null, null, null))) {
            BaseQuantisation.write(folder, spec);
            assertThat(BaseQuantisation.read(folder)).isEqualTo(spec);
            assertThat(BaseQuantisation.shared(List.of(folder, converted))).contains(spec);
        }
        Files.delete(converted.resolve(BaseQuantisation.FILE));
        assertThat(BaseQuantisation.shared(List.of(folder, converted))).isEmpty();
    }

    /** It writes every option, whether the method has it or not. */
    @Test
    void theFileOfMsSwiftIsRead() throws IOException {
        String rest = ", \"model\": \"m\", \"hqq_axis\": 1, \"bnb_4bit_compute_dtype\": \"bfloat16\","
                + " \"bnb_4bit_quant_type\": \"fp4\", \"bnb_4bit_use_double_quant\": false}";
        assertThat(read("{\"quant_method\": \"bnb\", \"quant_bits\": 4" + rest))
                .isEqualTo(new QuantiseSpec("bnb", 4, null, "bfloat16", "fp4", false, null));
        assertThat(read("{\"quant_method\": \"eetq\", \"quant_bits\": 8" + rest))
                .isEqualTo(new QuantiseSpec("eetq", 8, null, null, null, null, null));
        assertThat(read("{\"quant_method\": null, \"quant_bits\": null" + rest)).isEqualTo(QuantiseSpec.none());
        assertThat(read("{\"quant_method\": \"gptq\", \"quant_bits\": 4" + rest))
                .as("a checkpoint that is stored quantised")
                .isEqualTo(QuantiseSpec.none());
    }

    @Test
    void whatCannotBeFollowedIsSaidInOneLine() {
        refused("[", "cannot be read as JSON");
        refused("{\"quant_method\": \"quanto\", \"quant_bits\": 8}", "quant_method \"quanto\" is not offered");
        refused("{\"quant_method\": \"bnb\", \"quant_bits\": \"4\"}", "quant_bits: must be one of [4, 8]");
    }

    private void refused(String json, String cause) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(BaseQuantisation.FILE)
                .hasMessageContaining(cause)
                .message()
                .hasLineCount(1);
    }

    private QuantiseSpec read(String json) throws IOException {
        Files.writeString(folder.resolve(BaseQuantisation.FILE), json);
        return BaseQuantisation.read(folder);
    }
}
