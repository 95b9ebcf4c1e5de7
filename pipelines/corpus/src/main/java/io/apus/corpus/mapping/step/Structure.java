package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value to be made of a row's values. In it a text {@code $path} is the value at the path with its type, a list item {@code ...$path} is
 * all items of the list at the path, any other text is a {@link TextTemplate}, and everything else is what it is.
 */
interface Structure {
    JsonNode make(JsonNode row);

    static Structure of(Object source) {
        if (source instanceof Map<?, ?> map) {
            return object(map);
        }
        if (source instanceof List<?> list) {
            return list(list);
        }
        if (source instanceof String text) {
            if (text.startsWith("$")) {
                return row -> RowPath.need(row, text.substring(1)).deepCopy();
            }
            TextTemplate template = new TextTemplate(text);
            return row -> JsonNodeFactory.instance.textNode(template.fill(row));
        }
        JsonNode constant = constant(source);
        return row -> constant;
    }

    private static JsonNode constant(Object source) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (source instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        if (source instanceof Double number) {
            return nodes.numberNode(number);
        }
        return source instanceof Number number ? nodes.numberNode(number.longValue()) : nodes.nullNode();
    }

    private static Structure object(Map<?, ?> source) {
        Map<String, Structure> fields = new LinkedHashMap<>();
        source.forEach((key, value) -> fields.put(String.valueOf(key), of(value)));
        return row -> {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            fields.forEach((key, value) -> object.set(key, value.make(row)));
            return object;
        };
    }

    private static Structure list(List<?> source) {
        List<Structure> items = source.stream()
                .map(item -> isSpread(item) ? spread((String) item) : of(item))
                .toList();
        return row -> {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < items.size(); i++) {
                JsonNode made = items.get(i).make(row);
                if (isSpread(source.get(i))) {
                    made.forEach(list::add);
                } else {
                    list.add(made);
                }
            }
            return list;
        };
    }

    private static boolean isSpread(Object item) {
        return item instanceof String text && text.startsWith("...$");
    }

    private static Structure spread(String text) {
        String path = text.substring(4);
        return row -> {
            JsonNode list = RowPath.need(row, path);
            if (!list.isArray()) {
                throw StepFailure.broken(path + " is no list");
            }
            return list.deepCopy();
        };
    }
}
