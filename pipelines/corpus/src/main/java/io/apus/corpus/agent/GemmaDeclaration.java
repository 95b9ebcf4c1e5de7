package io.apus.corpus.agent;

import static io.apus.corpus.agent.GemmaValue.quoted;
import static io.apus.corpus.agent.GemmaValue.sorted;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A tool as Gemma 4's chat template declares it. */
final class GemmaDeclaration {
    private static final Set<String> SCHEMA_KEYS = Set.of("description", "type", "properties", "required", "nullable");

    private GemmaDeclaration() {}

    static String of(Tool tool) {
        List<String> parts = new ArrayList<>();
        if (!tool.properties().isEmpty()) {
            parts.add("properties:{" + properties(tool.properties(), false) + "}");
        }
        required(tool.parameters(), parts);
        if (tool.parameters().get("type") instanceof String type && !type.isEmpty()) {
            parts.add("type:" + quoted(upper(type)));
        }
        String parameters = parts.isEmpty() ? "" : ",parameters:{" + String.join(",", parts) + "}";
        return "declaration:" + tool.name() + "{description:" + quoted(tool.description()) + parameters + "}";
    }

    private static void required(Map<?, ?> schema, List<String> parts) {
        if (schema.get("required") instanceof List<?> required && !required.isEmpty()) {
            parts.add("required:" + names(required));
        }
    }

    private static String names(List<?> required) {
        return required.stream().map(GemmaValue::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String properties(Map<?, ?> properties, boolean isBare) {
        return sorted(properties).entrySet().stream()
                .filter(property -> property.getValue() instanceof Map<?, ?>)
                .filter(property -> !isBare || !SCHEMA_KEYS.contains(property.getKey()))
                .map(property -> property.getKey() + ":{" + schema(Tool.map(property.getValue())) + "}")
                .collect(Collectors.joining(","));
    }

    private static String schema(Map<?, ?> schema) {
        List<String> parts = new ArrayList<>();
        String type = schema.get("type") instanceof String name ? upper(name) : "";
        if (schema.get("description") instanceof String description && !description.isEmpty()) {
            parts.add("description:" + quoted(description));
        }
        if (type.equals("STRING") && schema.get("enum") instanceof List<?> values && !values.isEmpty()) {
            parts.add("enum:" + GemmaValue.of(values, true));
        }
        if (type.equals("ARRAY") && !Tool.map(schema.get("items")).isEmpty()) {
            parts.add("items:{" + items(Tool.map(schema.get("items"))) + "}");
        }
        if (Boolean.TRUE.equals(schema.get("nullable"))) {
            parts.add("nullable:true");
        }
        if (type.equals("OBJECT")) {
            boolean hasProperties = schema.get("properties") instanceof Map<?, ?>;
            parts.add("properties:{"
                    + properties(hasProperties ? Tool.map(schema.get("properties")) : schema, !hasProperties) + "}");
            required(schema, parts);
        }
        parts.add("type:" + quoted(type));
        return String.join(",", parts);
    }

    private static String items(Map<?, ?> items) {
        return sorted(items).entrySet().stream()
                .filter(item -> item.getValue() != null)
                .map(item -> item.getKey() + ":" + item(item.getKey(), item.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String item(String key, Object value) {
        if (key.equals("properties") && value instanceof Map<?, ?> properties) {
            return "{" + properties(properties, false) + "}";
        }
        if (key.equals("required") && value instanceof List<?> required) {
            return names(required);
        }
        if (key.equals("type")) {
            return value instanceof List<?> types
                    ? GemmaValue.of(
                            types.stream()
                                    .map(type -> upper(String.valueOf(type)))
                                    .toList(),
                            true)
                    : quoted(upper(String.valueOf(value)));
        }
        return GemmaValue.of(value, true);
    }

    private static String upper(String type) {
        return type.toUpperCase(Locale.ROOT);
    }
}
