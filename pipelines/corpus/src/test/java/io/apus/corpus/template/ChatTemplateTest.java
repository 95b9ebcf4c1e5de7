package io.apus.corpus.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final List<Message> HELLO = List.of(new Message("user", "hi"));

    @TempDir
    Path folder;

    @Test
    void readsTheTemplateAndSpecialTokensOfTokenizerConfig() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"bos_token\": {\"content\": \"<s>\", \"lstrip\": false}, \"eos_token\": \"</s>\", \"pad_token\": null,"
                        + "\"chat_template\": \"{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token is defined }}\"}");
        ChatTemplate template = ChatTemplate.read(folder);
        assertThat(template.render(HELLO, null, Map.of(), false)).isEqualTo("<s>hi</s>False");
        assertThat(template.specialTokens().eos()).isEqualTo("</s>");
        assertThat(template.specialTokens().bos()).isEqualTo("<s>");
        assertThat(template.specialTokens().pad()).isNull();
    }

    @Test
    void aTemplateFileOverrulesTheConfiguration() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
        write("chat_template.jinja", "file {{ messages | length }}");
        assertThat(ChatTemplate.read(folder).render(HELLO, null, Map.of(), false))
                .isEqualTo("file 1");
    }

    @Test
    void readsTheTemplateOfAProcessorAndTheSpecialTokensMap() throws IOException {
        write("chat_template.json", "{\"chat_template\": \"processor {{ eos_token }}\"}");
        write("special_tokens_map.json", "{\"eos_token\": {\"content\": \"<e>\"}}");
        assertThat(ChatTemplate.read(folder).render(HELLO, null, Map.of(), false))
                .isEqualTo("processor <e>");
    }

    @Test
    void picksTheNamedTemplateForTools() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"plain\"},"
                        + "{\"name\": \"tool_use\", \"template\": \"{{ tools[0].name }}\"}]}");
        ChatTemplate template = ChatTemplate.read(folder);
        assertThat(template.render(HELLO, null, Map.of(), false)).isEqualTo("plain");
        assertThat(template.render(HELLO, "[{\"name\": \"clock\"}]", Map.of(), false))
                .isEqualTo("clock");
    }

    @Test
    void passesKwargsAndTheGenerationPrompt() {
        ChatTemplate template =
                ChatTemplate.of("{{ enable_thinking }}{{ add_generation_prompt }}{{ tools is none }}", Map.of());
        assertThat(template.render(HELLO, null, Map.of("enable_thinking", false), true))
                .isEqualTo("FalseTrueTrue");
        assertThat(template.isHybridThinking()).isTrue();
    }

    @Test
    void aFolderWithoutATemplateNamesTheCure() {
        assertThat(ChatTemplate.find(folder)).isEmpty();
        assertThatThrownBy(() -> ChatTemplate.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("chat_template.jinja")
                .hasMessageContaining("use_chat_template false");
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": ");
        assertThatThrownBy(() -> ChatTemplate.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tokenizer_config.json");
        write("tokenizer_config.json", "{\"chat_template\": \"{% if %}\"}");
        assertThatThrownBy(() -> ChatTemplate.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 1");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
