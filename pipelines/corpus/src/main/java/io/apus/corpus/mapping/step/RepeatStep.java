package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;

/** {@code repeat: {text, for, into, with}}: writes a text once for each item of a list. */
public final class RepeatStep implements RowStep {
    private final String text;
    private final String list;
    private final String into;
    private final String with;

    private RepeatStep(String text, String list, String into, String with) {
        this.text = text;
        this.list = list;
        this.into = into;
        this.with = with;
    }

    public static RowStep of(StepOptions options) {
        options.only("text", "for", "into", "with");
        return new RepeatStep(
                options.text("text"), options.text("for"), options.text("into"), options.text("with", "\n"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        row.put(
                into,
                String.join(with, Collections.nCopies(RowPath.need(row, list).size(), text)));
    }

    @Override
    public String words() {
        return into + " is " + Words.quoted(text) + " once for each item of " + list;
    }
}
