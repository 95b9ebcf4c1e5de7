package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code positions: {column, equals, into}}: lists the places of a list, from 0, that hold a number. */
public final class PositionsStep implements RowStep {
    private final String column;
    private final int number;
    private final String into;

    private PositionsStep(String column, int number, String into) {
        this.column = column;
        this.number = number;
        this.into = into;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "equals", "into");
        return new PositionsStep(options.text("column"), options.number("equals", 1), options.text("into"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode list = RowPath.need(row, column);
        if (!list.isArray()) {
            throw StepFailure.broken(column + " is no list");
        }
        ArrayNode places = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).asDouble(Double.NaN) == number) {
                places.add(i);
            }
        }
        row.set(into, places);
    }

    @Override
    public String words() {
        return into + " are the places of " + column + " that hold " + number;
    }
}
