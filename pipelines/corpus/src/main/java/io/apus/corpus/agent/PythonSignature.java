package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A tool as a Python function with a docstring, the way Seed-OSS's chat template lists them. */
final class PythonSignature {
    private static final Map<String, String> TYPES =
            Map.of("string", "str", "number", "int", "integer", "int", "boolean", "bool", "array", "list");

    private PythonSignature() {}

    static String of(Tool tool) {
        String parameters = tool.properties().entrySet().stream()
                .filter(property -> property.getValue() instanceof Map<?, ?>)
                .map(property -> property.getKey() + ": " + type(Tool.map(property.getValue())))
                .collect(Collectors.joining(","));
        StringBuilder text = new StringBuilder("Function:\ndef " + tool.name() + "(" + parameters + "):\n");
        text.append("    \"\"\"\n    ").append(tool.description().strip());
        if (!tool.properties().isEmpty()) {
            text.append("\n\n    Args:");
            tool.properties().forEach((name, schema) -> argument(text, tool, name, Tool.map(schema)));
        }
        Map<?, ?> returned = Tool.map(Tool.map(tool.function().get("returns")).get("properties"));
        if (!returned.isEmpty()) {
            text.append("\n\n    Returns:");
            returned.forEach((name, schema) -> line(text, name, type(Tool.map(schema)), description(Tool.map(schema))));
        }
        return text.append("\n\n    \"\"\"").toString();
    }

    private static void argument(StringBuilder text, Tool tool, Object name, Map<?, ?> schema) {
        boolean isRequired = tool.parameters().get("required") instanceof List<?> required && required.contains(name);
        line(text, name, type(schema) + ") [" + (isRequired ? "必填" : "选填") + "]", description(schema));
    }

    private static void line(StringBuilder text, Object name, String type, String description) {
        String closed = type.endsWith("]") ? type : type + ")";
        text.append("\n    - ")
                .append(name)
                .append(" (")
                .append(closed)
                .append(": ")
                .append(description);
    }

    private static String description(Map<?, ?> schema) {
        Object description = schema.get("description");
        return description == null ? "" : PythonJson.str(description);
    }

    private static String type(Map<?, ?> schema) {
        return schema.get("type") instanceof String type ? TYPES.getOrDefault(type, "Any") : "Any";
    }
}
