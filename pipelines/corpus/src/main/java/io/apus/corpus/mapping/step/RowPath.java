package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;

/** Finds a value in a row: a column, or dots and numbers into it, as in {@code info.video_path} and {@code turns.-1.value}. */
final class RowPath {
    private RowPath() {}

    /** The value at {@code path}; null where there is none. A column whose name is the whole path wins. */
    static JsonNode find(JsonNode row, String path) {
        JsonNode value = row.get(path);
        if (value == null) {
            value = row;
            for (String part : path.split("\\.", -1)) {
                value = value == null ? null : child(value, part);
            }
        }
        return value == null || value.isNull() ? null : value;
    }

    private static JsonNode child(JsonNode value, String part) {
        if (!value.isArray()) {
            return value.get(part);
        }
        if (!part.matches("-?\\d{1,6}")) {
            return null;
        }
        int index = Integer.parseInt(part);
        return value.get(index < 0 ? value.size() + index : index);
    }

    /** The value at {@code path}; without one the row fails. */
    static JsonNode need(JsonNode row, String path) {
        JsonNode value = find(row, path);
        if (value == null) {
            throw StepFailure.broken("the row has no " + path);
        }
        return value;
    }

    /** The text at {@code path}; the row fails where it is anything else. */
    static String text(JsonNode row, String path) {
        JsonNode value = need(row, path);
        if (!value.isTextual()) {
            throw StepFailure.broken(path + " is no text");
        }
        return value.textValue();
    }
}
