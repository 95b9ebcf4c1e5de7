package io.apus.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTemplateTest {
    @TempDir
    Path folder;

    @BeforeEach
    void model() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"Phi3ForCausalLM\"]}");
    }

    @Test
    void aModelWithoutATemplateGetsTheCatalogs() {
        RunTemplate chosen = of("--model_type", "phi4");
        assertThat(chosen.spec().tokenize().template()).isEqualTo("phi4");
        assertThat(chosen.words())
                .isEqualTo("phi4: the model brings none, and all models of the model_type phi4 have it");
        RunTemplate open = of();
        assertThat(open.spec().tokenize().template()).isNull();
        assertThat(open.words()).startsWith("none: ").contains("have several (phi3, phi4)");
    }

    @Test
    void theRunsAndTheModelsOwnWin() throws IOException {
        assertThat(of("--template", "chatml").words()).isEqualTo("chatml, as the run says");
        assertThat(of("--use_chat_template", "false").words()).startsWith("not used");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
        RunTemplate own = of("--model_type", "phi4");
        assertThat(own.spec().tokenize().template()).isNull();
        assertThat(own.words()).isEqualTo("the model's own");
    }

    @Test
    void aFamilyThatDoesNotFitIsRefusedWhateverTheTemplate() {
        assertThatThrownBy(() -> of("--model_type", "qwen2", "--template", "chatml"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("config.json says Phi3ForCausalLM");
    }

    private RunTemplate of(String... flags) {
        List<String> words = new ArrayList<>(List.of("--model", folder.toString(), "--dataset", "x.jsonl"));
        words.addAll(List.of(flags));
        RunSpec spec = RunSpecReader.read(Optional.empty(), List.of(), words);
        return RunTemplate.of(
                spec.model().model(), spec, SharedReference.projectRoot().resolve("conf"));
    }
}
