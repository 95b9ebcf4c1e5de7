package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.template.ChatTemplate;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.spec.TokenizeSpec;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleEncoderTest {
    private static final Message USER = new Message("user", "hello.");
    private static final Message ANSWER = new Message("assistant", "hello.");

    @TempDir
    Path folder;

    @Test
    void trainsOnTheAssistantsTokensAndItsEndOfTurnOnly() throws IOException {
        TokenRow row = only(encode(spec(null, null, null), sample(USER, ANSWER, USER, ANSWER)));
        Tokenizer tokenizer = Tokenizers.load(folder);
        String turn = "<|im_start|>user\nhello.<|im_end|>\n<|im_start|>assistant\nhello.<|im_end|>\n";
        assertThat(row.inputIds()).isEqualTo(tokenizer.ids(turn + turn));
        assertThat(trained(row, tokenizer)).isEqualTo("hello.<|im_end|>hello.<|im_end|>");
        assertThat(row.part()).isZero();
        assertThat(row.split()).isEqualTo("train");
    }

    /** ".\n" is one token: it holds the answer's last character, so it is trained on; "\n\n" begins in the header, so it is not. */
    @Test
    void tokensAcrossABoundaryBelongToTheirFirstCharacter() throws IOException {
        String open =
                "{% for m in messages %}{{ m.role }}:\n{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:\n{% endif %}";
        SmallModel.write(folder, open);
        SampleEncoder encoder = SampleEncoder.of(folder, spec(null, null, null));
        Tokenizer tokenizer = Tokenizers.load(folder);
        TokenRow end = only(encoder.encode(List.of(sample(USER, ANSWER, USER, ANSWER))));
        assertThat(trained(end, tokenizer)).isEqualTo("hello.\nhello.<|im_end|>");
        TokenRow start = only(encoder.encode(List.of(sample(USER, new Message("assistant", "\nhe")))));
        assertThat(trained(start, tokenizer)).isEqualTo("he<|im_end|>");
    }

    /** A template that writes no end of turn, as SOLAR's and Deci's: a model trained without one would never stop. */
    @Test
    void textsWithoutAnEndOfTurnLearnTheEndOfSequence() throws IOException {
        SmallModel.write(
                folder,
                "{% for m in messages %}### {{ m.role }}:\n{{ m.content }}\n\n{% endfor %}"
                        + "{% if add_generation_prompt %}### assistant:\n{% endif %}");
        Tokenizer tokenizer = Tokenizers.load(folder);
        SampleEncoder encoder = SampleEncoder.of(folder, spec(null, null, null));
        TokenRow row = only(encoder.encode(List.of(sample(USER, new Message("assistant", "he")))));
        assertThat(tokenizer.decode(row.inputIds(), false))
                .isEqualTo("### user:\nhello.\n\n### assistant:\nhe<|im_end|>");
        assertThat(trained(row, tokenizer)).isEqualTo("he<|im_end|>");
        TokenRow open = only(encoder.encode(List.of(sample(USER, new Message("assistant", "he"), USER))));
        assertThat(trained(open, tokenizer)).isEqualTo("he");
    }

    @Test
    void lossScaleChoosesTurnsAndMessagesOverrideIt() throws IOException {
        Message no = new Message("assistant", "he", false, null);
        Message half = new Message("assistant", "ll", null, 0.5);
        Message yes = new Message("assistant", "hell", true, null);
        Sample sample = sample(USER, no, USER, half, USER, ANSWER);
        TokenRow standard = only(encode(spec("default", null, null), sample));
        Tokenizer tokenizer = Tokenizers.load(folder);
        assertThat(trained(standard, tokenizer)).isEqualTo("ll<|im_end|>hello.<|im_end|>");
        assertThat(weightsOf(standard, tokenizer, "ll")).containsExactly(0.5f, 1f);
        TokenRow lastRound =
                only(encode(spec("last_round", null, null), sample(USER, yes, USER, ANSWER, USER, ANSWER)));
        assertThat(trained(lastRound, tokenizer)).isEqualTo("hell<|im_end|>hello.<|im_end|>");
        TokenRow all = only(encode(spec("all", null, null), sample(USER, no)));
        assertThat(trained(all, tokenizer)).isEqualTo("user\nhello.<|im_end|>\n<|im_start|>assistant\n\n");
        assertThat(all.lossWeights()[0]).isZero();
    }

    @Test
    void overLongSamplesFollowTheTruncationStrategy() throws IOException {
        Sample sample = sample(USER, ANSWER);
        int[] whole = only(encode(spec(null, null, null), sample)).inputIds();
        EncodedSamples deleted = encode(spec(null, "delete", 10), sample);
        assertThat(deleted.rows()).isEmpty();
        Reject reject = deleted.rejects().get(0);
        assertThat(reject.reason()).isEqualTo("over_long");
        assertThat(reject.stage()).isEqualTo("tokenize");
        assertThat(reject.detail()).isEqualTo(whole.length + " tokens, max_length is 10");
        assertThat(reject.raw()).contains("hello.");
        TokenRow left = only(encode(spec(null, "left", 10), sample));
        assertThat(left.inputIds()).isEqualTo(java.util.Arrays.copyOfRange(whole, whole.length - 10, whole.length));
        assertThat(left.lossWeights()[0]).isZero();
        TokenRow right = only(encode(spec(null, "right", whole.length - 1), sample));
        assertThat(right.inputIds()).isEqualTo(java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(encode(spec(null, "right", 10), sample).rejects().get(0).reason())
                .isEqualTo("no_supervised_tokens");
        assertThat(encode(spec(null, "split", 10), sample).rejects().get(0).reason())
                .isEqualTo("over_long");
    }

    @Test
    void theModelsContextLengthBoundsSamplesByDefault() throws IOException {
        Message longAnswer = new Message("assistant", "x ".repeat(90));
        assertThat(encode(spec(null, null, null), sample(USER, longAnswer))
                        .rejects()
                        .get(0)
                        .detail())
                .endsWith("max_length is 90");
    }

    @Test
    void plainTextIsTrainedOnAsAWholeAndEndsWithEos() throws IOException {
        SmallModel.write(folder, null);
        SampleEncoder encoder = SampleEncoder.of(folder, spec(null, "split", 4));
        Sample text = sample(new Message("assistant", "hello hello hello."));
        List<TokenRow> parts = encoder.encode(List.of(text)).rows();
        Tokenizer tokenizer = Tokenizers.load(folder);
        int[] whole = tokenizer.ids("hello hello hello.<|im_end|>");
        assertThat(parts).extracting(TokenRow::part).containsExactly(0, 1);
        assertThat(parts.get(0).inputIds()).isEqualTo(java.util.Arrays.copyOf(whole, 4));
        assertThat(parts.get(1).inputIds()).isEqualTo(java.util.Arrays.copyOfRange(whole, 4, whole.length));
        for (TokenRow part : parts) {
            assertThat(part.lossWeights()[0]).isZero();
            assertThat(java.util.Arrays.copyOfRange(part.lossWeights(), 1, part.length()))
                    .containsOnly(1f);
        }
    }

    @Test
    void noPieceOfASplitTextIsASingleTokenThatNothingPredicts() throws IOException {
        SmallModel.write(folder, null);
        int tokens = Tokenizers.load(folder).ids("hello hello hello.<|im_end|>").length;
        List<TokenRow> parts = SampleEncoder.of(folder, spec(null, "split", tokens - 1))
                .encode(List.of(sample(new Message("assistant", "hello hello hello."))))
                .rows();
        assertThat(parts).extracting(TokenRow::length).containsExactly(tokens - 2, 2);
    }

    @Test
    void plainTextBeginsAsTheTokenizerBeginsTexts() throws IOException {
        SmallModel.write(folder, null, "<|endoftext|>");
        TokenRow row = only(SampleEncoder.of(folder, spec(null, null, null)).encode(List.of(sample(ANSWER))));
        assertThat(row.inputIds()).startsWith(263).endsWith(265);
        assertThat(row.lossWeights()).startsWith(0f, 1f);
    }

    @Test
    void conversationsNeedAChatTemplate() throws IOException {
        SmallModel.write(folder, null);
        SampleEncoder encoder = SampleEncoder.of(folder, spec(null, null, null));
        assertThatThrownBy(() -> encoder.encode(List.of(sample(USER, ANSWER))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("chat_template.jinja");
        TokenizeSpec plain = new TokenizeSpec(null, null, null, "default", false, null);
        TokenRow row = only(SampleEncoder.of(folder, plain).encode(List.of(sample(USER, ANSWER))));
        assertThat(trained(row, Tokenizers.load(folder))).isEqualTo("hello.<|im_end|>");
    }

    @Test
    void refusalsAreCountedWithTheirReasons() throws IOException {
        SmallModel.write(
                folder,
                "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}"
                        + SmallModel.CHATML);
        SampleEncoder encoder = SampleEncoder.of(folder, spec(null, null, null));
        Sample media = new Sample(
                USER_KEY,
                "train",
                List.of(USER, ANSWER),
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of("images", "[\"a.png\"]"),
                null,
                null);
        EncodedSamples encoded = encoder.encode(List.of(
                sample(USER, ANSWER),
                sample(new Message("system", "s"), USER, ANSWER),
                sample(USER),
                media,
                sample(USER, ANSWER)));
        assertThat(encoded.rows()).hasSize(2);
        assertThat(encoded.rejects())
                .extracting(Reject::reason)
                .containsExactly("template", "no_supervised_tokens", "unsupported_media");
        assertThat(encoded.rejects().get(0).detail()).contains("user first");
    }

    @Test
    void addsTheDefaultSystemPromptAndJoinsNeighbours() throws IOException {
        TokenizeSpec spec = new TokenizeSpec("S", null, null, null, true, null);
        TokenRow row = only(encode(
                spec,
                sample(USER, new Message("user", "he"), new Message("assistant", "a"), new Message("assistant", "b"))));
        Tokenizer tokenizer = Tokenizers.load(folder);
        assertThat(tokenizer.decode(row.inputIds(), false))
                .isEqualTo(
                        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nhello.he<|im_end|>\n<|im_start|>assistant\nab<|im_end|>\n");
        assertThat(trained(row, tokenizer)).isEqualTo("ab<|im_end|>");
    }

    @Test
    void anEmptyThinkingBlockOfTheTemplateIsNotTrainedOn() throws IOException {
        SmallModel.write(
                folder,
                "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' %}{{ '<think>\n\n</think>\n\n' }}"
                        + "{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}"
                        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% if enable_thinking is false %}{% endif %}{% endif %}");
        TokenRow row = only(SampleEncoder.of(folder, spec(null, null, 200)).encode(List.of(sample(USER, ANSWER))));
        assertThat(trained(row, Tokenizers.load(folder))).isEqualTo("hello.<|im_end|>");
    }

    /** On real text and a real vocabulary: the ids are those of the text at once, and the trained tokens decode to the answers. */
    @Test
    void isExactOnTheRealTokenizerAndTemplate() throws IOException {
        Path model = SharedReference.path("tokenizers/qwen3");
        Tokenizer tokenizer = Tokenizers.load(model);
        ChatTemplate template = ChatTemplate.read(model);
        SampleEncoder encoder = SampleEncoder.of(model, spec(null, null, 4096));
        for (String answer : List.of(
                "Yes.", "日本語 😀!", "\n\nindented", "a<|im_end|>b", "<think>\nwhy\n</think>\n\nso", "½ e\u0301")) {
            List<Message> messages = List.of(
                    new Message("user", answer),
                    new Message("assistant", answer),
                    new Message("user", "?"),
                    new Message("assistant", answer));
            TokenRow row = only(encoder.encode(List.of(sample(messages.toArray(Message[]::new)))));
            assertThat(row.inputIds()).isEqualTo(tokenizer.ids(template.render(messages, null, Map.of(), false)));
            String kept = answer.contains("</think>") ? answer.substring(answer.lastIndexOf('>') + 3) : answer;
            String expected = kept.stripLeading() + "<|im_end|>"
                    + (answer.contains("</think>") ? answer : kept.stripLeading()) + "<|im_end|>";
            assertThat(trained(row, tokenizer).replaceFirst("^\n+", ""))
                    .isEqualTo(java.text.Normalizer.normalize(expected, java.text.Normalizer.Form.NFC));
        }
    }

    private static final SampleKey USER_KEY = new SampleKey("d", 0, 0, 0);

    private static TokenizeSpec spec(String lossScale, String strategy, Integer maxLength) {
        return new TokenizeSpec(null, maxLength, strategy, lossScale, true, null);
    }

    private static Sample sample(Message... messages) {
        return Sample.conversation(USER_KEY, "train", List.of(messages));
    }

    private EncodedSamples encode(TokenizeSpec spec, Sample sample) throws IOException {
        SmallModel.write(folder, SmallModel.CHATML);
        return SampleEncoder.of(folder, spec).encode(List.of(sample));
    }

    private static TokenRow only(EncodedSamples encoded) {
        assertThat(encoded.rejects()).isEmpty();
        assertThat(encoded.rows()).hasSize(1);
        return encoded.rows().get(0);
    }

    private static String trained(TokenRow row, Tokenizer tokenizer) {
        int[] ids = java.util.stream.IntStream.range(0, row.length())
                .filter(i -> row.lossWeights()[i] > 0)
                .map(i -> row.inputIds()[i])
                .toArray();
        return tokenizer.decode(ids, false);
    }

    /** The weights of the tokens of the assistant's turn that begins with {@code content}. */
    private static float[] weightsOf(TokenRow row, Tokenizer tokenizer, String content) {
        int[] ids = tokenizer.ids("\n" + content);
        for (int i = 0; i + 2 < row.length(); i++) {
            if (row.inputIds()[i] == ids[0] && row.inputIds()[i + 1] == ids[1]) {
                return java.util.Arrays.copyOfRange(row.lossWeights(), i + 1, i + 3);
            }
        }
        return new float[0];
    }
}
