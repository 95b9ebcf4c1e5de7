package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.UnaryOperator;

/** Changes of text columns that several steps make. */
final class Columns {
    private Columns() {}

    /** Changes the texts of {@code columns}, also those in lists; a column that is not there stays away. */
    static void change(ObjectNode row, List<String> columns, UnaryOperator<String> change) {
        for (String column : columns) {
            JsonNode value = row.get(column);
            if (value != null && !value.isNull()) {
                row.set(column, changed(column, value, change));
            }
        }
    }

    private static JsonNode changed(String column, JsonNode value, UnaryOperator<String> change) {
        if (value.isTextual()) {
            return TextNode.valueOf(change.apply(value.textValue()));
        }
        if (!value.isArray()) {
            throw StepFailure.broken(column + " is no text");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        value.forEach(item -> list.add(changed(column, item, change)));
        return list;
    }
}
