package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code template_mode} makes of samples with several conversations. */
class GroupsTest {
    private static final Message QUESTION = new Message("user", "q");
    private static final List<Message> GOOD = List.of(QUESTION, new Message("assistant", "good"));
    private static final List<Message> BAD = List.of(QUESTION, new Message("assistant", "bad"));

    @TempDir
    Path folder;

    @BeforeEach
    void model() throws IOException {
        SmallModel.write(folder, SmallModel.CHATML);
    }

    @Test
    void aPairIsTwoConversationsThatAreBothTrainedOn() {
        EncodedSamples encoded = encode("rlhf", 90, sample(GOOD, BAD, List.of(), List.of(), null));

        assertThat(encoded.rows()).extracting(TokenRow::id).containsExactly("d:7", "d:7#rejected.1");
        assertThat(encoded.rows()).extracting(this::text).containsExactly(turns("q", "good"), turns("q", "bad"));
        assertThat(encoded.rows())
                .allSatisfy(row -> assertThat(row.lossWeights()).contains(1f));
    }

    @Test
    void aGroupIsRefusedAsAWhole() {
        assertThat(reason("rlhf", 90, sample(GOOD, null, List.of(), List.of(), null)))
                .isEqualTo("no_rejected");
        assertThat(reason("kto", 90, sample(GOOD, null, List.of(), List.of(), "3")))
                .isEqualTo("no_label");
        assertThat(reason("embedding", 90, sample(GOOD, null, List.of(), List.of(), null)))
                .isEqualTo("no_positive");
        List<Message> tooLong = List.of(QUESTION, new Message("assistant", "bad ".repeat(40)));
        assertThat(reason("rlhf", 60, sample(GOOD, tooLong, List.of(), List.of(), null)))
                .isEqualTo("over_long");
        assertThat(encode("kto", 90, sample(GOOD, null, List.of(), List.of(), "false"))
                        .rows())
                .hasSize(1);
    }

    @Test
    void rankingSamplesNeedNothingToBePredicted() {
        List<Message> question = List.of(QUESTION);
        List<Message> yes = List.of(new Message("assistant", "yes"));
        List<Message> no = List.of(new Message("assistant", "no"));
        Sample ranked = sample(question, null, List.of(yes), List.of(no, no), null);

        assertThat(encode("reranker", 90, ranked).rows())
                .extracting(TokenRow::id)
                .containsExactly("d:7#positive.0", "d:7#negative.1", "d:7#negative.2");
        assertThat(text(encode("reranker", 90, ranked).rows().get(1))).isEqualTo(turns("q", "no"));
        assertThat(encode("embedding", 90, ranked).rows())
                .extracting(TokenRow::kind)
                .containsExactly("messages", "positive", "negative", "negative");
    }

    @Test
    void groupsCannotBeSplit() {
        assertThatThrownBy(() -> spec("rlhf", 90, "split"))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("the conversations of template_mode rlhf cannot be split");
    }

    private String reason(String mode, int maxLength, Sample sample) {
        EncodedSamples encoded = encode(mode, maxLength, sample);
        assertThat(encoded.rows()).isEmpty();
        return encoded.rejects().stream().map(Reject::reason).findFirst().orElseThrow();
    }

    private EncodedSamples encode(String mode, int maxLength, Sample sample) {
        return SampleEncoder.of(folder, spec(mode, maxLength, null)).encode(List.of(sample));
    }

    private static TokenizeSpec spec(String mode, int maxLength, String strategy) {
        return new TokenizeSpec(
                null, maxLength, strategy, null, null, null, null, null, null, null, null, null, null, null, null,
                mode);
    }

    private static Sample sample(
            List<Message> messages,
            List<Message> rejected,
            List<List<Message>> positives,
            List<List<Message>> negatives,
            String label) {
        return new Sample(
                new SampleKey("d", 0, 7, 0),
                "train",
                messages,
                rejected,
                positives,
                negatives,
                label,
                null,
                null,
                null,
                null,
                null);
    }

    private String text(TokenRow row) {
        return Tokenizers.load(folder).decode(row.inputIds(), false);
    }

    private static String turns(String question, String answer) {
        return "<|im_start|>user\n" + question + "<|im_end|>\n<|im_start|>assistant\n" + answer + "<|im_end|>\n";
    }
}
