package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.StringJoiner;

/** {@code join: {column, with, into}}: puts the items of a list together to one text. */
public final class JoinStep implements RowStep {
    private final String column;
    private final String with;
    private final String into;

    private JoinStep(String column, String with, String into) {
        this.column = column;
        this.with = with;
        this.into = into;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "with", "into");
        return new JoinStep(
                options.text("column"), options.text("with", "\n"), options.text("into", options.text("column")));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode list = RowPath.need(row, column);
        if (!list.isArray()) {
            throw StepFailure.broken(column + " is no list");
        }
        StringJoiner joined = new StringJoiner(with);
        list.forEach(item -> joined.add(Written.text(item)));
        row.put(into, joined.toString());
    }

    @Override
    public String words() {
        return into + " is the list " + column + " joined with " + Words.quoted(with);
    }
}
