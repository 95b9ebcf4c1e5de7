package io.apus.jobs.launch.catalog;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of one object of a catalog file; a value of the wrong kind is noted and read as absent. */
public final class CatalogFields {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OPTIONS = new TypeReference<>() {};

    private final String place;
    private final JsonNode object;
    private final List<String> problems;

    CatalogFields(String place, JsonNode object, List<String> problems) {
        this.place = place;
        this.object = object;
        this.problems = problems;
    }

    /** Notes every key that is none of {@code known}. */
    CatalogFields only(List<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problem("unknown key \"" + key + "\", did you mean \"" + Registry.nearest(key, known) + "\"?");
            }
        });
        return this;
    }

    private void problem(String what) {
        problems.add(place + what);
    }

    private JsonNode value(String key) {
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** A text, or null. */
    public String text(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (value.isValueNode() && !value.asText().isBlank()) {
            return value.asText();
        }
        problem(key + " must be a text");
        return null;
    }

    /** A text that must be there. */
    public String required(String key) {
        String text = text(key);
        if (text == null && value(key) == null) {
            problem(key + " is missing");
        }
        return text;
    }

    /** A list of texts; a single text is a list of one. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode value = value(key);
        if (value != null && value.isValueNode()) {
            texts.add(value.asText());
            return texts;
        }
        for (JsonNode item : list(key)) {
            if (item.isValueNode() && !item.isNull()) {
                texts.add(item.asText());
            } else {
                problem(key + " must be a list of texts");
            }
        }
        return texts;
    }

    /** The items of a list; none where the key is absent. */
    public Iterable<JsonNode> list(String key) {
        JsonNode value = value(key);
        if (value == null || value.isArray()) {
            return value == null ? List.of() : value;
        }
        problem(key + " must be a list");
        return List.of();
    }

    /** The values of an object as texts, in their order. */
    public Map<String, String> map(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        JsonNode value = value(key);
        if (value != null && !value.isObject()) {
            problem(key + " must be \"source: target\" lines");
        } else if (value != null) {
            value.fields()
                    .forEachRemaining(
                            field -> map.put(field.getKey(), field.getValue().asText()));
        }
        return map;
    }

    /** Whether {@code key} is there with exactly this text. */
    public boolean says(String key, String text) {
        JsonNode value = value(key);
        return value != null && value.isTextual() && value.asText().equals(text);
    }

    /** A whole number, or null. */
    public Long count(String key) {
        JsonNode value = value(key);
        if (value == null || value.canConvertToLong()) {
            return value == null ? null : Long.valueOf(value.longValue());
        }
        problem(key + " must be a number");
        return null;
    }

    /** False where the key is absent. */
    public boolean flag(String key) {
        JsonNode value = value(key);
        if (value != null && !value.isBoolean()) {
            problem(key + " must be true or false");
        }
        return value != null && value.booleanValue();
    }

    /** The options of a step of a mapping: an object as it is, anything else as the option {@code value}. */
    public static Map<String, Object> options(JsonNode node) {
        JsonNode object = node.isObject() ? node : JSON.createObjectNode().set("value", node);
        return JSON.convertValue(object, OPTIONS);
    }
}
