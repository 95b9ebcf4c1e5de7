package io.apus.corpus.filter;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterSpec;
import java.util.Optional;

/** Refuses samples with fewer or more characters (Unicode code points, over all messages of the conversation) than wanted. */
record LengthFilter(int minCharacters, int maxCharacters) implements SampleFilter {
    static SampleFilter of(FilterSpec spec) {
        return new LengthFilter(spec.minCharacters(), spec.maxCharacters());
    }

    @Override
    public String reason() {
        return "length";
    }

    @Override
    public Optional<String> refuse(Sample sample) {
        long characters = 0;
        for (Message message : sample.messages()) {
            characters += message.content().codePointCount(0, message.content().length());
        }
        if (characters < minCharacters) {
            return Optional.of(characters + " characters, fewer than " + minCharacters);
        }
        return characters > maxCharacters
                ? Optional.of(characters + " characters, more than " + maxCharacters)
                : Optional.empty();
    }
}
