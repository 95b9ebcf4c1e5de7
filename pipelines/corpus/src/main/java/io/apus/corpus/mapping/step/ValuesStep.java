package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code values: {column, into, values}}: looks a value, or each value of a list, up in a table; a list of names is a table from 0. What is
 * not in the table fails the row. */
public final class ValuesStep implements RowStep {
    private final String column;
    private final String into;
    private final Map<String, JsonNode> table;

    private ValuesStep(String column, String into, Map<String, JsonNode> table) {
        this.column = column;
        this.into = into;
        this.table = table;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "into", "values");
        Map<String, JsonNode> table = new LinkedHashMap<>();
        if (options.value("values") instanceof List<?> names) {
            names.forEach(name ->
                    table.put(String.valueOf(table.size()), Structure.of(name).make(NullNode.instance)));
        } else {
            options.part("values")
                    .all()
                    .forEach(
                            (name, value) -> table.put(name, Structure.of(value).make(NullNode.instance)));
        }
        String column = options.text("column");
        return new ValuesStep(column, options.text("into", column), table);
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode value = RowPath.need(row, column);
        if (!value.isArray()) {
            row.set(into, found(value));
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        value.forEach(item -> list.add(found(item)));
        row.set(into, list);
    }

    private JsonNode found(JsonNode value) {
        // 1.0 is 1: tables with holes are stored as floating-point numbers.
        String key =
                value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.asText();
        JsonNode found = table.get(key);
        if (found == null) {
            throw StepFailure.broken(column + " is " + value + ", which the table does not have");
        }
        return found;
    }

    @Override
    public String words() {
        return into + " is " + column + " by a table of " + table.size() + " values";
    }
}
