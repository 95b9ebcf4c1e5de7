package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code each: {column, values}}: makes one row for each of the values, in which the column has it. Every stored row is thus read that often,
 * and counted that often. */
public final class EachStep implements RowStep {
    private final String column;
    private final List<String> values;

    private EachStep(String column, List<String> values) {
        this.column = column;
        this.values = values;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "values");
        return new EachStep(options.text("column"), options.texts("values"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        row.put(column, values.get(draws.view()));
    }

    @Override
    public int views() {
        return values.size();
    }

    @Override
    public String words() {
        return "one row for each " + column + " of " + String.join(", ", values);
    }
}
