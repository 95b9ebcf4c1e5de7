package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;

/** {@code replace: {column, pattern, with}}: replaces every match of a regular expression in a text or in each text of a list; a column
 * that is not there stays away. */
public final class ReplaceStep implements RowStep {
    private final List<String> columns;
    private final Pattern pattern;
    private final String with;

    private ReplaceStep(List<String> columns, Pattern pattern, String with) {
        this.columns = columns;
        this.pattern = pattern;
        this.with = with;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "pattern", "with");
        return new ReplaceStep(options.texts("column"), options.pattern("pattern"), options.text("with", ""));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        Columns.change(row, columns, text -> pattern.matcher(text).replaceAll(with));
    }

    @Override
    public String words() {
        return "in " + String.join(", ", columns) + " "
                + (with.isEmpty()
                        ? "take away " + Words.quoted(pattern.pattern())
                        : "write " + Words.quoted(with) + " for " + Words.quoted(pattern.pattern()));
    }
}
