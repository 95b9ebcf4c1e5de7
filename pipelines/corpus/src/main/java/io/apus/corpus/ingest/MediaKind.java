package io.apus.corpus.ingest;

import java.util.List;
import java.util.Locale;

/** What a conversation can show: the column that lists it, that column's synonym, and the tag that marks its place in the text. */
enum MediaKind {
    IMAGE,
    VIDEO,
    AUDIO;

    private final String word = name().toLowerCase(Locale.ROOT);

    String word() {
        return word;
    }

    String column() {
        return word + "s";
    }

    /** The names of the column below {@code prefix}, the standard one first. */
    List<String> columns(String prefix) {
        return List.of(prefix + column(), prefix + word);
    }

    String tag() {
        return "<" + word + ">";
    }

    /** How often the tag stands in {@code turns}. */
    int tags(List<Turn> turns) {
        return turns.stream()
                .mapToInt(turn -> Texts.count(turn.content(), tag()))
                .sum();
    }
}
