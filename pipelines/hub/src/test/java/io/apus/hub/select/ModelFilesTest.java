package io.apus.hub.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import org.junit.jupiter.api.Test;

class ModelFilesTest {
    private static final String INDEX = "model.safetensors.index.json";

    @Test
    void configurationTokenizerTemplateAndWeightsNothingElse() {
        ListedFiles repo = ListedFiles.of(
                ".gitattributes",
                "README.md",
                "LICENSE",
                "config.json",
                "generation_config.json",
                "tokenizer.json",
                "tokenizer.model",
                "merges.txt",
                "vocab.txt",
                "chat_template.jinja",
                "additional_chat_templates/tool_use.jinja",
                "model.safetensors",
                "consolidated.safetensors",
                "pytorch_model.bin",
                "optimizer.pt",
                "modeling_custom.py",
                "onnx/model.onnx",
                "fp16/model.safetensors",
                "image.png");

        assertThat(repo.chosenBy(ModelFiles.all()))
                .containsExactly(
                        "README.md",
                        "LICENSE",
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "tokenizer.model",
                        "merges.txt",
                        "vocab.txt",
                        "chat_template.jinja",
                        "additional_chat_templates/tool_use.jinja",
                        "model.safetensors");
        assertThat(repo.chosenBy(ModelFiles.withoutWeights()))
                .doesNotContain("model.safetensors")
                .contains("config.json");
    }

    @Test
    void anIndexSaysWhichShardsAreTheModel() {
        ListedFiles repo = ListedFiles.of("config.json", "a.safetensors", "b.safetensors", "consolidated.safetensors")
                .text(
                        INDEX,
                        "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"b.safetensors\", \"z\": \"a.safetensors\"}}");

        assertThat(repo.chosenBy(ModelFiles.all()))
                .containsExactly("config.json", INDEX, "a.safetensors", "b.safetensors");
    }

    @Test
    void anIndexThatNamesWhatIsNotThereIsRefused() {
        for (String name : new String[] {"gone.safetensors", "../../x.safetensors", "config.json"}) {
            ListedFiles repo = ListedFiles.of("config.json", "a.safetensors")
                    .text(INDEX, "{\"weight_map\": {\"x\": \"" + name + "\"}}");

            assertThatThrownBy(() -> repo.chosenBy(ModelFiles.all()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void pickleAloneIsRefusedAndAnAdapterTaken() {
        assertThatThrownBy(
                        () -> ListedFiles.of("config.json", "pytorch_model.bin").chosenBy(ModelFiles.all()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pickle only");
        assertThat(ListedFiles.of("adapter_config.json", "adapter_model.safetensors", "x.bin")
                        .chosenBy(ModelFiles.all()))
                .containsExactly("adapter_config.json", "adapter_model.safetensors");
    }
}
