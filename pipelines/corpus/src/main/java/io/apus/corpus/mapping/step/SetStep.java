package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code set: {column: value}}: sets columns in their order; values as {@link Structure} describes. */
public final class SetStep implements RowStep {
    private final Map<String, Object> values;
    private final Map<String, Structure> columns = new LinkedHashMap<>();

    private SetStep(Map<String, Object> values) {
        this.values = values;
        values.forEach((column, value) -> columns.put(column, Structure.of(value)));
    }

    public static RowStep of(StepOptions options) {
        return new SetStep(options.all());
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        columns.forEach((column, value) -> row.set(column, value.make(row)));
    }

    @Override
    public String words() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " is " + Words.quoted(entry.getValue()))
                .collect(Collectors.joining("; "));
    }
}
