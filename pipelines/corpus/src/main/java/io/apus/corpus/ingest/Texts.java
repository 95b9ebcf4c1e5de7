package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/** Texts that hold values, and values that hold texts. */
final class Texts {
    private Texts() {}

    /** How often {@code part} stands in {@code text}. */
    static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** The value that a text was written from (CSV has texts only): as JSON, else as Python prints it; null where it is neither. */
    static JsonNode parsedOrNull(String text) {
        try {
            return RowJson.parse(text);
        } catch (JsonProcessingException e) {
            return PythonLiteral.parseOrNull(text);
        }
    }

    /** Null, an empty list, and a blank text all say nothing. */
    static boolean isNothing(JsonNode value) {
        return value == null
                || value.isNull()
                || value.isMissingNode()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isBlank());
    }

    /** The first of the fields that is there and not null; null where none is. */
    static JsonNode first(JsonNode object, Iterable<String> names) {
        for (String name : names) {
            JsonNode value = object.get(name);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return null;
    }
}
