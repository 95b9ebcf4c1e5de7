package io.apus.corpus.filter.text;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which text of a sample a filter looks at: the option {@code text}. */
public enum TextOf {
    /** The text of samples that are plain text; others are not looked at. */
    PLAIN_TEXT,
    /** All turns of the assistant; so plain text too. */
    ASSISTANT,
    /** Every turn. */
    ALL;

    private static final String NAME = "text";

    /** Reads the option. */
    public static TextOf read(FilterOptions options, TextOf byDefault) {
        List<String> names = List.of(PLAIN_TEXT.word(), ASSISTANT.word(), ALL.word());
        String given = options.choice(
                NAME, byDefault.word(), names, "the text that is looked at: " + String.join(", ", names));
        return names.contains(given) ? values()[names.indexOf(given)] : byDefault;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The text, turns separated by an empty line; empty where the sample is not to be looked at or there is no such turn. */
    public Optional<String> of(Sample sample) {
        if (sample.isPlainText()) {
            return Optional.of(sample.messages().get(0).content());
        }
        if (this == PLAIN_TEXT) {
            return Optional.empty();
        }
        String text = sample.messages().stream()
                .filter(message -> this == ALL || message.role().equals(Roles.ASSISTANT))
                .map(Message::content)
                .collect(Collectors.joining("\n\n"));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
