package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code keep: [column]}: leaves only these columns. */
public final class KeepStep implements RowStep {
    private final List<String> columns;

    private KeepStep(List<String> columns) {
        this.columns = columns;
    }

    public static RowStep of(StepOptions options) {
        return new KeepStep(options.only("value").texts("value"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        row.retain(columns);
    }

    @Override
    public String words() {
        return "keep only " + String.join(", ", columns);
    }
}
