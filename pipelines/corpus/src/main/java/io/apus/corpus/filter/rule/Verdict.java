package io.apus.corpus.filter.rule;

import io.apus.schemas.data.Sample;
import java.util.Map;

/** What a filter says of a sample. */
public sealed interface Verdict {
    Verdict KEEP = new Keep();

    /** Nothing is wrong with it. */
    record Keep() implements Verdict {}

    /** It should not be used; {@code detail} says what is wrong, in one line. */
    record Refuse(String detail) implements Verdict {}

    /** It is used in another form; {@code counts} says how many changes of each kind were made. */
    record Edit(Sample sample, Map<String, Long> counts) implements Verdict {}

    static Verdict refuse(String detail) {
        return new Refuse(detail);
    }
}
