package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code strip: [column]}: takes blanks and line breaks off both ends of texts. */
public final class StripStep implements RowStep {
    private final List<String> columns;

    private StripStep(List<String> columns) {
        this.columns = columns;
    }

    public static RowStep of(StepOptions options) {
        return new StripStep(options.only("value").texts("value"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        Columns.change(row, columns, String::strip);
    }

    @Override
    public String words() {
        return "strip " + String.join(", ", columns);
    }
}
