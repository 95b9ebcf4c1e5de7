package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptEncoderTest {
    private static final List<Message> HELLO = List.of(new Message("user", "hello"));

    @TempDir
    Path folder;

    @Test
    void promptsEndWithTheGenerationPrompt() throws IOException {
        PromptEncoder prompts = PromptEncoder.of(SmallModel.write(folder, SmallModel.CHATML));
        int[] ids = prompts.prompt(HELLO, null, Map.of());
        assertThat(prompts.tokenizer().decode(ids, false))
                .isEqualTo("<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n");
        assertThat(prompts.hasChatTemplate()).isTrue();
    }

    @Test
    void stopsAtEndOfSequenceAndEndOfTurn() throws IOException {
        assertThat(PromptEncoder.of(SmallModel.write(folder, null)).stopTokens())
                .containsExactlyInAnyOrder(263, 265);
        Path real = SharedReference.path("tokenizers/qwen3");
        assertThat(PromptEncoder.of(real).stopTokens()).containsExactly(151_645);
    }

    @Test
    void continuationsBeginAtTheirFirstCharacter() throws IOException {
        PromptEncoder prompts = PromptEncoder.of(SmallModel.write(folder, null));
        for (String[] parts : new String[][] {{"hello", " world"}, {"hello ", "world"}, {"he", "llo"}, {"", "hello"}}) {
            PromptEncoder.Continuation scored = prompts.continuation(parts[0], parts[1]);
            assertThat(scored.ids()).isEqualTo(prompts.tokenizer().ids(parts[0] + parts[1]));
            int[] tail = java.util.Arrays.copyOfRange(scored.ids(), scored.boundary(), scored.ids().length);
            assertThat(prompts.tokenizer().decode(tail, false).strip()).endsWith(parts[1].strip());
            assertThat(scored.boundary()).isEqualTo(parts[0].startsWith("hello") ? 1 : 0);
        }
    }

    @Test
    void messagesNeedATemplate() throws IOException {
        PromptEncoder prompts = PromptEncoder.of(SmallModel.write(folder, null));
        assertThat(prompts.plain("hello")).containsExactly(259);
        assertThatThrownBy(() -> prompts.prompt(HELLO, null, Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no chat template");
    }
}
