package io.apus.corpus.filter;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterSpec;
import java.util.List;
import java.util.Optional;

/** Refuses samples without messages, and those in which the user or the assistant says nothing in a turn. */
final class EmptyFilter implements SampleFilter {
    static SampleFilter of(FilterSpec spec) {
        return new EmptyFilter();
    }

    @Override
    public String reason() {
        return "empty";
    }

    @Override
    public Optional<String> refuse(Sample sample) {
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
