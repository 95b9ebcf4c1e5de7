package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code remove: [column]}: takes columns away. */
public final class RemoveStep implements RowStep {
    private final List<String> columns;

    private RemoveStep(List<String> columns) {
        this.columns = columns;
    }

    public static RowStep of(StepOptions options) {
        return new RemoveStep(options.only("value").texts("value"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        row.remove(columns);
    }

    @Override
    public String words() {
        return "remove " + String.join(", ", columns);
    }
}
