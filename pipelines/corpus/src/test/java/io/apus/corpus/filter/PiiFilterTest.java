package io.apus.corpus.filter;

import static io.apus.corpus.filter.TestFilters.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiFilterTest {
    private static final RowFilters REDACT = TestFilters.of(FilterRule.named("pii"));

    private static String redacted(String content) {
        return REDACT.judge(text(content)).sample().messages().get(0).content();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to jo.doe+x@mail.example.org.| Write to [EMAIL].",
                "Call +49 (30) 1234 5678 or (415) 555-2671!| Call [PHONE] or [PHONE]!",
                "Card 4111 1111 1111 1111, old 378282246310005.| Card [CREDIT_CARD], old [CREDIT_CARD].",
                "IBAN DE89 3704 0044 0532 0130 00 AND GB82WEST12345698765432| IBAN [IBAN] AND [IBAN]",
                "Host 192.168.1.20:80 and 2001:db8::8a2e:370:7334.| Host [IP]:80 and [IP].",
            })
    void eachKindIsReplaced(String content, String expected) {
        assertThat(redacted(content)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Card 4111 1111 1111 1112 fails Luhn's check.",
                "DE89 3704 0044 0532 0130 02 fails modulo 97.",
                "Version 1.2.3.4.5 and 300.1.1.1 are no addresses.",
                "std::vector, a::b, 12:30:45 and abc::def are code and times.",
                "In 1998 about 1,234,567 people, pi is 3.14159265.",
                "someone@localhost or @handle",
                "ISBN 978-3-16-148410-0",
            })
    void whatOnlyLooksLikeItStays(String content) {
        assertThat(redacted(content)).isEqualTo(content);
    }

    @Test
    void everyTurnIsEditedAndCounted() {
        Sample sample = Conversation.rejecting(
                Conversation.of("user", "mail a@b.example and c@d.example", "assistant", "ok"),
                List.of(new Message("user", "x"), new Message("assistant", "10.0.0.1")));

        RowFilters.Judged judged = REDACT.judge(sample);

        assertThat(judged.sample().messages().get(0).content()).isEqualTo("mail [EMAIL] and [EMAIL]");
        assertThat(judged.sample().rejectedMessages().get(1).content()).isEqualTo("[IP]");
        assertThat(judged.edits()).isEqualTo(Map.of("pii_email", 2L, "pii_ip", 1L));
        assertThat(REDACT.judge(judged.sample()).edits()).isEmpty();
    }

    @Test
    void someKindsAreRefusedAndOthersReplaced() {
        RowFilters filters =
                TestFilters.of(FilterRule.named("pii").with("refuse", "iban").with("redact", "email"));
        RowFilters refuseOnly = TestFilters.of(FilterRule.named("pii").with("refuse", "iban"));

        assertThat(TestFilters.detail(filters, text("a@b.example GB82WEST12345698765432")))
                .isEqualTo("has {pii_iban=1}");
        assertThat(filters.judge(text("a@b.example 10.0.0.1"))
                        .sample()
                        .messages()
                        .get(0)
                        .content())
                .isEqualTo("[EMAIL] 10.0.0.1");
        assertThat(refuseOnly.judge(text("a@b.example")).edits()).isEmpty();
    }
}
