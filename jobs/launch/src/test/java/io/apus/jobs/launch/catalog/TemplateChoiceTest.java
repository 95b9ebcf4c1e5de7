package io.apus.jobs.launch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateChoiceTest {
    private static final ModelCatalog CATALOG =
            new ModelCatalog(SharedReference.projectRoot().resolve("conf"));

    @TempDir
    Path folder;

    @Test
    void theIdDecidesFirst() throws IOException {
        config("{\"architectures\": [\"Qwen2ForCausalLM\"]}");
        assertThat(choice("hf::Qwen/Qwen2.5-7B", folder, null).template()).isEqualTo("qwen2_5");
        assertThat(choice("ms::01ai/Yi-Coder-9B", folder, null).template()).isEqualTo("yi_coder");
    }

    @Test
    void theFoldersNameAHubsCacheAndWhatTransformersNotedCountAsNames() throws IOException {
        Path own = folder.resolve("qwen1.5-7b-chat");
        assertThat(choice(own.toString(), own, null).template()).isEqualTo("qwen");
        Path cached = folder.resolve("models--01-ai--Yi-1.5-6B/snapshots/0123abc");
        assertThat(choice(cached.toString(), cached, null))
                .isEqualTo(new TemplateChoice("chatml", "the catalog knows the model by the name 01-ai/Yi-1.5-6B"));
        config("{\"architectures\": [\"LlamaForCausalLM\"], \"_name_or_path\": \"meta-llama/Meta-Llama-3-8B\"}");
        assertThat(choice("x", folder, null).template()).isEqualTo("llama3");
    }

    @Test
    void anArchitectureDecidesWhereAllItsModelsHaveOneTemplate() throws IOException {
        config("{\"architectures\": [\"GemmaForCausalLM\"]}");
        assertThat(choice("x", folder, null))
                .isEqualTo(new TemplateChoice("gemma", "all models of the architecture GemmaForCausalLM have it"));
        config("{\"architectures\": [\"LlamaForCausalLM\"]}");
        assertThat(choice("x", folder, null).template()).isNull();
        assertThat(choice("x", folder, null).why()).contains("have several (", "llama3_2", "name one with template");
        config("{}");
        assertThat(choice("x", folder, null).why()).isEqualTo("the catalog does not know the model");
    }

    @Test
    void theFamilyDecidesWhereItIsNamedAndMustFit() throws IOException {
        config("{\"architectures\": [\"MistralForCausalLM\"]}");
        assertThat(choice("x", folder, "mistral_nemo").template()).isEqualTo("mistral_nemo");
        assertThat(choice("01-ai/Yi-Coder-9B", Path.of("nowhere"), "yi").template())
                .isEqualTo("yi_coder");
        assertThatThrownBy(() -> choice("x", folder, "qwen2"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its models are Qwen2ForCausalLM, config.json says MistralForCausalLM");
        assertThatThrownBy(() -> choice("x", folder, "mistrl"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"mistral\"?");
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }

    private static TemplateChoice choice(String asked, Path folder, String modelType) {
        return TemplateChoice.of(CATALOG, asked, folder, modelType);
    }
}
