package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;

/** {@code split: {column, at, into}}: cuts a text at a separator; several columns {@code into} take a piece each and need as many, a single
 * one takes the list. */
public final class SplitStep implements RowStep {
    private final String column;
    private final String at;
    private final List<String> into;

    private SplitStep(String column, String at, List<String> into) {
        this.column = column;
        this.at = at;
        this.into = into;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "at", "into");
        return new SplitStep(options.text("column"), options.text("at"), options.texts("into"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        String[] pieces = RowPath.text(row, column).split(Pattern.quote(at), -1);
        if (into.size() == 1) {
            ArrayNode list = row.putArray(into.get(0));
            for (String piece : pieces) {
                list.add(piece);
            }
            return;
        }
        if (pieces.length != into.size()) {
            throw StepFailure.broken(
                    column + " has " + pieces.length + " pieces between " + Words.quoted(at) + ", not " + into.size());
        }
        for (int i = 0; i < pieces.length; i++) {
            row.put(into.get(i), pieces[i]);
        }
    }

    @Override
    public String words() {
        return "cut " + column + " at " + Words.quoted(at) + " into " + String.join(" and ", into);
    }
}
