package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each template option of a run file, from the option to the text that the model reads. */
class TemplateOptionsTest {
    private static final List<Message> MESSAGES = List.of(new Message("user", "q"), new Message("assistant", "a"));
    private static final String OWN =
            "{% if system %}{{ system }}{% endif %}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
                    + "{% if tools %}[{{ tools | length }} tools]{% endif %}"
                    + "{% if add_generation_prompt %}<assistant>{% endif %}"
                    + "{% if enable_thinking is defined %}(thinking {{ enable_thinking }}){% endif %}"
                    + "{% if effort is defined %}({{ effort }}){% endif %}";

    @TempDir
    Path folder;

    @BeforeEach
    void model() throws IOException {
        SmallModel.write(folder, OWN);
    }

    private static TokenizeSpec spec(
            String system, Boolean thinks, String template, String backend, Map<String, String> kwargs) {
        return new TokenizeSpec(
                system, 200, null, null, null, thinks, template, backend, null, null, null, null, null, null, kwargs,
                null);
    }

    private String text(TokenizeSpec spec, Map<String, String> extra) {
        Sample sample = new Sample(
                new SampleKey("d", 0, 0, 0), "train", MESSAGES, null, null, null, null, null, null, null, null, extra);
        EncodedSamples encoded = SampleEncoder.of(folder, spec).encode(List.of(sample));
        assertThat(encoded.rejects()).isEmpty();
        return Tokenizers.load(folder).decode(encoded.rows().get(0).inputIds(), false);
    }

    @Test
    void theModelsOwnTemplateIsTheDefault() {
        assertThat(text(spec(null, null, null, null, null), null)).isEqualTo("<user>q<assistant>a<|im_end|>");
        assertThat(text(spec("S", null, null, null, null), null)).isEqualTo("<system>S<user>q<assistant>a<|im_end|>");
    }

    @Test
    void aNamedTemplateTakesItsPlace() {
        String framed = "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n";
        assertThat(text(spec(null, null, "chatml", null, null), null)).isEqualTo(framed);
        assertThat(text(spec("S", null, "qwen2_5", null, null), null))
                .isEqualTo("<|im_start|>system\nS<|im_end|>\n" + framed);
        assertThatThrownBy(() -> text(spec(null, null, "chatmll", null, null), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"chatml\"?");
    }

    @Test
    void theJinjaBackendBorrowsTheNamedTemplatesSystemPromptAndThinking() {
        assertThat(text(spec(null, null, "qwen", "jinja", null), null))
                .isEqualTo("<system>You are a helpful assistant.<user>q<assistant>a<|im_end|>");
        assertThat(text(spec(null, null, "qwen3_thinking", "jinja", null), null))
                .contains("(thinking True)");
    }

    @Test
    void variablesComeFromTheRunAndFromTheSample() {
        TokenizeSpec run = spec(null, false, null, null, Map.of("effort", "low"));
        assertThat(text(run, null)).contains("(thinking False)(low)");
        assertThat(text(run, Map.of("chat_template_kwargs", "{\"effort\": \"high\"}")))
                .contains("(thinking False)(high)");
    }

    @Test
    void promptsHaveTheResponsePrefixOnce() {
        TokenizeSpec own = new TokenizeSpec(
                "S", null, null, null, null, null, null, null, null, "So\\n", null, null, null, null, null, null);
        assertThat(PromptEncoder.of(folder, own).promptText(MESSAGES.subList(0, 1), null, Map.of()))
                .isEqualTo("<system>S<user>q<assistant>So\n");
        TokenizeSpec named = new TokenizeSpec(
                null, null, null, null, null, null, "chatml", null, null, "So\\n", null, null, null, null, null, null);
        PromptEncoder encoder = PromptEncoder.of(folder, named);
        assertThat(encoder.promptText(MESSAGES.subList(0, 1), null, Map.of())).endsWith("<|im_start|>assistant\nSo\n");
        assertThat(encoder.stopTokens()).contains(265);
    }

    @Test
    void theTokenizersBeginningStandsBeforeTemplatesThatAskForIt() throws IOException {
        SmallModel.write(folder, null, "<|endoftext|>");
        assertThat(text(spec(null, null, "chatml", null, null), null)).startsWith("<|endoftext|><|im_start|>user");
        assertThat(text(spec(null, null, "qwen2_5", null, null), null)).startsWith("<|im_start|>system");
        PromptEncoder encoder = PromptEncoder.of(folder, spec(null, null, "chatml", null, null));
        assertThat(encoder.prompt(MESSAGES.subList(0, 1), null, Map.of())[0]).isEqualTo(263);
    }

    @Test
    void theSystemPromptMayBeAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("system.txt"), "From a file.\n");
        assertThat(SystemPrompt.text(file.toString())).isEqualTo("From a file.\n");
        assertThat(SystemPrompt.text("two\\nlines")).isEqualTo("two\nlines");
        assertThat(SystemPrompt.text(null)).isNull();
        assertThatThrownBy(() -> SystemPrompt.text(folder.resolve("none.txt").toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("none.txt");
    }

    @Test
    void optionsThatContradictOrAreUnknownAreRefusedTogether() {
        assertThatThrownBy(() -> new TokenizeSpec(
                        null,
                        null,
                        null,
                        "default+raect",
                        null,
                        null,
                        null,
                        "jina",
                        "hermes",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("did you mean \"react\"")
                .hasMessageContaining("did you mean \"jinja\"")
                .hasMessageContaining("name a template as well");
        assertThat(TokenizeSpec.LOSS_SCALE_TYPES)
                .allSatisfy(type -> assertThat(LossType.get(type)).isNotNull());
    }
}
