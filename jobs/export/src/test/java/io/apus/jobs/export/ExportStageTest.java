package io.apus.jobs.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.RunLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stage says before anything is trained. */
class ExportStageTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNoChangeOfWeightsStaysAnAdapter() throws IOException {
        for (String type : List.of("prompt_tuning", "prefix_tuning", "adapter", "reft")) {
            assertThat(plan("--tuner_type", type))
                    .containsExactly(
                            "adapter -> export/adapter, not merged: what " + type + " trains is no change of weights");
            assertThatThrownBy(() -> plan("--tuner_type", type, "--formats", "gguf_f16"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("Cannot export gguf_f16: what " + type + " trains is no change of weights");
        }
        assertThat(plan("--tuner_type", "bone")).hasSize(1).first().asString().startsWith("hf -> export/");
        assertThat(plan("--tuner_type", "full", "--merge_lora", "false").get(0)).startsWith("hf -> export/");
    }

    @Test
    void anAdapterThatIsNotMergedHasNoFormat() throws IOException {
        assertThat(plan("--merge_lora", "false"))
                .containsExactly("adapter -> export/adapter, not merged: merge_lora is false");
        assertThatThrownBy(() -> plan("--merge_lora", "false", "--formats", "hf", "gguf_q8_0"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("merge_lora is false");
    }

    @Test
    void aFamilyThatAFormatLacksIsSaidBeforeTraining() {
        assertThatThrownBy(() -> plan("GemmaForCausalLM", List.of("--formats", "gguf_f16")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Unknown architecture for GGUF");
    }

    @Test
    void theWeightsUnderAQuantisedAdapterAreNamed() throws IOException {
        assertThat(plan("--quant_method", "bnb", "--quant_bits", "4").get(1))
                .contains("as they are stored, not as quant_method rounded them");
    }

    private List<String> plan(String... flags) throws IOException {
        return plan("LlamaForCausalLM", List.of(flags));
    }

    private List<String> plan(String architecture, List<String> flags) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"architectures": ["%s"], "vocab_size": 48, "hidden_size": 32, "intermediate_size": 48,
                 "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "tie_word_embeddings": true}
                """
                        .formatted(architecture));
        List<String> all = new ArrayList<>(List.of("--model", folder.toString(), "--dataset", "d"));
        all.addAll(flags);
        return new ExportStage()
                .plan(RunSpecReader.read(Optional.empty(), List.of(), all), new RunLayout(folder.resolve("out")));
    }
}
