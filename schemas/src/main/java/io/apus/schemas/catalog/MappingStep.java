package io.apus.schemas.catalog;

import io.apus.schemas.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of a dataset's mapping as its catalog file writes it; the registry of steps in pipelines/corpus knows what it does.
 *
 * @param name what is done, e.g. {@code template}
 * @param options how: texts, numbers, truth values, and lists and maps of them, in the file's order
 */
public record MappingStep(String name, Map<String, Object> options) implements Serializable {
    public MappingStep {
        if (name == null || name.isBlank()) {
            throw new UserError("Cannot use the catalog entry", "a step of the mapping has no name", "");
        }
        options = map(name, options == null ? Map.of() : options);
    }

    private static Map<String, Object> map(String step, Map<?, ?> options) {
        Map<String, Object> plain = new LinkedHashMap<>();
        options.forEach((key, value) -> plain.put(String.valueOf(key), plain(step, value)));
        return plain;
    }

    private static Object plain(String step, Object value) {
        if (value instanceof Map<?, ?> map) {
            return map(step, map);
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            list.forEach(item -> plain.add(plain(step, item)));
            return plain;
        }
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        throw new UserError(
                "Cannot use the catalog entry", "the step " + step + " has the value " + value.getClass(), "");
    }

    @Override
    public String toString() {
        return name + " " + options;
    }
}
