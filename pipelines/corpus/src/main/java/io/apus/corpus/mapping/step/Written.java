package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.StringJoiner;

/** Values as text. */
final class Written {
    private Written() {}

    /** A text as it is, anything else as JSON with a space behind commas and colons. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : json(value);
    }

    private static String json(JsonNode value) {
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            value.forEach(item -> items.add(json(item)));
            return items.toString();
        }
        if (value.isObject()) {
            StringJoiner fields = new StringJoiner(", ", "{", "}");
            value.fields()
                    .forEachRemaining(field -> fields.add(quoted(field.getKey()) + ": " + json(field.getValue())));
            return fields.toString();
        }
        return value.toString();
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
