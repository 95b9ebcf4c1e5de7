package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.spec.FilterRule;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an option holds, and how its value is read from a YAML node. Texts are parsed, so flags and YAML mean the same. */
enum OptionKind {
    TEXT("a text", String.class),
    INTEGER("a whole number", Integer.class),
    LONG("a whole number", Long.class),
    DOUBLE("a number", Double.class),
    BOOLEAN("true or false", Boolean.class),
    LIST("a list", List.class),
    NUMBERS("a list of numbers", null),
    FILTERS("a list of filters", FilterRule.class),
    MAP("a map", Map.class);

    private final String noun;
    private final Class<?> type;

    OptionKind(String noun, Class<?> type) {
        this.noun = noun;
        this.type = type;
    }

    /** The kind of a record component's type. */
    static OptionKind of(Type type) {
        if (type instanceof ParameterizedType generic && generic.getActualTypeArguments()[0] == Double.class) {
            return NUMBERS;
        }
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (type instanceof ParameterizedType generic && generic.getActualTypeArguments()[0] == FilterRule.class) {
            raw = FilterRule.class;
        }
        for (OptionKind kind : values()) {
            if (kind.type == raw) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no option can hold " + type);
    }

    /** Whether a flag takes several values. */
    boolean collects() {
        return this == LIST || this == NUMBERS || this == FILTERS || this == MAP;
    }

    /** How {@code --help} names a value, e.g. {@code NUMBER}. */
    String placeholder() {
        return switch (this) {
            case TEXT -> "TEXT";
            case INTEGER, LONG -> "N";
            case DOUBLE -> "NUMBER";
            case BOOLEAN -> "[true|false]";
            case LIST, FILTERS -> "VALUE...";
            case NUMBERS -> "NUMBER...";
            case MAP -> "KEY=VALUE...";
        };
    }

    /** The value as the record wants it; null stays null. Throws {@link IllegalArgumentException} with what is wrong. */
    Object read(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        return switch (this) {
            case LIST -> list(node);
            case NUMBERS -> list(node).stream().map(DOUBLE::scalar).toList();
            case FILTERS -> FilterRules.read(node);
            case MAP -> map(node);
            default -> scalar(scalarText(node));
        };
    }

    private Object scalar(String text) {
        try {
            return switch (this) {
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case DOUBLE -> finite(text);
                case BOOLEAN -> truth(text);
                default -> text;
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not " + noun, e);
        }
    }

    private static Double finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value) || text.matches(".*[dDfFxX].*")) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true", "True" -> true;
            case "false", "False" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is not true or false");
        };
    }

    /** The text of a single value; {@link IllegalArgumentException} for a list or map. */
    String scalarText(JsonNode node) {
        if (node.isContainerNode()) {
            throw new IllegalArgumentException("takes " + noun + ", not " + (node.isArray() ? "a list" : "a map"));
        }
        return node.asText();
    }

    private List<String> list(JsonNode node) {
        if (node.isObject()) {
            throw new IllegalArgumentException("takes a list, not a map");
        }
        if (!node.isArray()) {
            return List.of(node.asText());
        }
        List<String> values = new ArrayList<>();
        node.forEach(element -> values.add(scalarText(element)));
        return values;
    }

    private Map<String, String> map(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(
                    "takes a map, not " + (node.isArray() ? "a list" : "\"" + node.asText() + "\""));
        }
        Map<String, String> values = new TreeMap<>();
        node.fields().forEachRemaining(field -> values.put(field.getKey(), scalarText(field.getValue())));
        return values;
    }
}
