package io.apus.corpus.filter.turn;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Optional;

/** Refuses samples without messages, and those in which the user or the assistant says nothing in a turn. */
public record EmptyFilter() implements SampleFilter {
    public static SampleFilter of(FilterOptions options) {
        return new EmptyFilter();
    }

    @Override
    public String reason() {
        return "empty";
    }

    @Override
    public Verdict judge(Sample sample) {
        return found(sample).map(Verdict::refuse).orElse(Verdict.KEEP);
    }

    private static Optional<String> found(Sample sample) {
        if (sample.messages().isEmpty()) {
            return Optional.of("there are no messages");
        }
        Optional<String> found = blank(sample.messages(), "");
        return found.isPresent() || sample.rejectedMessages() == null
                ? found
                : blank(sample.rejectedMessages(), "rejected ");
    }

    private static Optional<String> blank(List<Message> messages, String kind) {
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean speaks = message.role().equals(Roles.USER) || message.role().equals(Roles.ASSISTANT);
            if (speaks && message.content().isBlank()) {
                return Optional.of(kind + "turn " + i + " (" + message.role() + ") is empty");
            }
        }
        return Optional.empty();
    }
}
