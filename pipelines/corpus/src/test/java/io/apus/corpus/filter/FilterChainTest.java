package io.apus.corpus.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.filter.duplicate.ContentHash;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.FilterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterChainTest {
    private static final RowFilters CHAIN = TestFilters.of(
            FilterRule.named("empty"),
            FilterRule.named("role_order"),
            FilterRule.named("length").with("max_characters", "40"),
            FilterRule.named("exact_duplicate"));

    /** A conversation of the given roles, each turn saying something else. */
    private static Sample ordered(String roles) {
        String[] names = roles.split(" ", -1);
        String[] turns = new String[names.length * 2];
        for (int i = 0; i < names.length; i++) {
            turns[2 * i] = names[i];
            turns[2 * i + 1] = "t" + i;
        }
        return Conversation.of(turns);
    }

    private static String reason(Sample sample) {
        return TestFilters.reason(CHAIN, sample);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assistant",
                "user assistant",
                "system user assistant user assistant",
                "user tool_call tool_response assistant",
                "user assistant tool_call tool_call tool_response tool_response assistant",
                "user tool_call tool_response tool_call tool_response assistant",
                "user tool_call",
                "user assistant assistant",
            })
    void turnsThatCanFollowEachOtherAreKept(String roles) {
        assertThat(reason(ordered(roles))).isEqualTo("kept");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "system",
                "system user",
                "system assistant",
                "assistant user assistant",
                "user system assistant",
                "user assistant system",
                "user system user assistant",
                "user assistant system user assistant",
                "user tool_response assistant",
                "user tool_call user assistant",
                "user tool_call tool_response",
                "user tool_call assistant",
                "system system user assistant",
            })
    void turnsThatCannotFollowEachOtherAreRefused(String roles) {
        assertThat(reason(ordered(roles))).isEqualTo("role_order");
    }

    @Test
    void aQuestionThatNeedsNoAnswerMayStandAlone() {
        Sample question = ordered("system user");
        Sample labelled = new Sample(
                question.key(),
                question.split(),
                question.messages(),
                null,
                null,
                null,
                "1",
                null,
                null,
                null,
                null,
                null);
        assertThat(reason(labelled)).isEqualTo("kept");
    }

    @Test
    void emptyTurnsAndWrongLengthsAreRefused() {
        assertThat(reason(Conversation.of("user", " ", "assistant", "a"))).isEqualTo("empty");
        assertThat(reason(Conversation.of("user", "q", "assistant", "\n"))).isEqualTo("empty");
        assertThat(reason(Conversation.of())).isEqualTo("empty");
        assertThat(reason(Conversation.of("user", "q", "assistant", "a".repeat(40))))
                .isEqualTo("length");
        assertThat(reason(Conversation.of("user", "q", "assistant", "😀".repeat(39))))
                .isEqualTo("kept");
    }

    @Test
    void theRejectedHalfOfAPairIsLookedAtToo() {
        Sample sample = Conversation.of("user", "q", "assistant", "a");
        assertThat(reason(Conversation.rejecting(
                        sample, List.of(new Message("user", "q"), new Message("assistant", "")))))
                .isEqualTo("empty");
        assertThat(reason(Conversation.rejecting(sample, List.of(new Message("user", "q")))))
                .isEqualTo("role_order");
    }

    @Test
    void aRejectTellsWhatAndWhere() {
        Optional<Reject> reject = CHAIN.judge(ordered("user system assistant")).refused();
        assertThat(reject)
                .contains(
                        new Reject(
                                "filter",
                                new SampleKey("data", 0, 3, 0),
                                "role_order",
                                "turn 1: system cannot follow user",
                                "{\"split\":\"train\",\"messages\":[{\"role\":\"user\",\"content\":\"t0\"},{\"role\":\"system\",\"content\":\"t1\"},{\"role\":\"assistant\",\"content\":\"t2\"}]}"));
    }

    @Test
    void onlyTheFiltersAskedForAreApplied() {
        RowFilters length = TestFilters.of(FilterRule.named("length"));
        assertThat(TestFilters.reason(length, ordered("assistant user"))).isEqualTo("kept");
    }

    @Test
    void everythingWrongWithTheFiltersIsSaidAtOnce() {
        FilterSpec spec = new FilterSpec(List.of(
                FilterRule.named("role_odrer"),
                FilterRule.named("empty").with("loud", "true"),
                FilterRule.named("length").with("max_charcters", "7").with("min_words", "many"),
                FilterRule.named("length").with("min_characters", "9").with("max_characters", "8"),
                FilterRule.named("length").with("max_tokens", "9"),
                FilterRule.named("near_duplicate").with("keep", "longst").with("threshold", "1.5"),
                FilterRule.named("cap"),
                FilterRule.named("pii").with("redact", "email", "fax").with("refuse", "email")));
        assertThat(FilterChain.problems(spec))
                .containsExactly(
                        "filter.filters: \"role_odrer\" is not known; did you mean \"role_order\"? Known: "
                                + String.join(", ", Filters.names()),
                        "filter.empty.loud: this filter has no options",
                        "filter.length.min_words: \"many\" is not a whole number",
                        "filter.length.max_charcters: unknown option; did you mean \"max_characters\"?",
                        "filter.length.max_characters: must be at least min_characters 9, is 8",
                        "filter.length.tokenizer: name the model folder whose tokenizer counts the tokens; samples are"
                                + " tokenised after they are filtered",
                        "filter.near_duplicate.threshold: must be from 0 to 1, is 1.5",
                        "filter.near_duplicate.keep: \"longst\" is not one of longest, first, quality; did you mean"
                                + " \"longest\"?",
                        "filter.cap.per_dataset: say how many rows of each dataset are kept",
                        "filter.pii.redact: \"fax\" is not one of email, iban, credit_card, ip, phone; did you mean"
                                + " \"iban\"?",
                        "filter.pii.refuse: \"email\" is in redact too");
    }

    @Test
    void equalContentHashesEquallyWhereverItCameFrom() {
        Sample sample = Conversation.of("user", "caf\u00e9\r\nq", "assistant", "a");
        Sample same = Sample.conversation(
                new SampleKey("other", 4, 9, 1),
                "validation",
                List.of(new Message("user", " cafe\u0301\nq"), new Message("assistant", "a\n")));
        assertThat(ContentHash.of(sample)).isEqualTo(ContentHash.of(same)).hasSize(32);
    }

    @Test
    void differentContentHashesDifferently() {
        Sample sample = Conversation.of("user", "ab", "assistant", "c");
        assertThat(ContentHash.of(Conversation.of("user", "a", "assistant", "bc")))
                .isNotEqualTo(ContentHash.of(sample));
        assertThat(ContentHash.of(Conversation.of("user", "AB", "assistant", "c")))
                .isNotEqualTo(ContentHash.of(sample));
        assertThat(ContentHash.of(Conversation.of("system", "ab", "assistant", "c")))
                .isNotEqualTo(ContentHash.of(sample));
        assertThat(ContentHash.of(Conversation.rejecting(sample, List.of()))).isNotEqualTo(ContentHash.of(sample));
    }
}
