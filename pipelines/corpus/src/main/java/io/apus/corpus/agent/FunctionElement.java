package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.List;
import java.util.Map;

/** A tool as the {@code function} element of Qwen3-Coder's chat template. */
final class FunctionElement {
    private FunctionElement() {}

    static String of(Tool tool) {
        StringBuilder text = new StringBuilder("<function>");
        element(text, "name", tool.name());
        if (tool.function().containsKey("description")) {
            element(text, "description", tool.description().strip());
        }
        text.append("\n<parameters>");
        tool.properties().forEach((name, schema) -> parameter(text, name, Tool.map(schema)));
        others(text, tool.parameters(), List.of("type", "properties"));
        text.append("\n</parameters>");
        others(text, tool.function(), List.of("type", "name", "description", "parameters"));
        return text.append("\n</function>").toString();
    }

    private static void parameter(StringBuilder text, Object name, Map<?, ?> schema) {
        text.append("\n<parameter>");
        element(text, "name", String.valueOf(name));
        if (schema.containsKey("type")) {
            element(text, "type", PythonJson.str(schema.get("type")));
        }
        if (schema.get("description") instanceof String description) {
            element(text, "description", description.strip());
        }
        others(text, schema, List.of("name", "type", "description"));
        text.append("\n</parameter>");
    }

    private static void others(StringBuilder text, Map<?, ?> map, List<String> known) {
        map.forEach((key, value) -> {
            if (!known.contains(String.valueOf(key))) {
                element(text, String.valueOf(key), PythonJson.of(value));
            }
        });
    }

    private static void element(StringBuilder text, String name, String content) {
        text.append("\n<")
                .append(name)
                .append('>')
                .append(content)
                .append("</")
                .append(name)
                .append('>');
    }
}
