package io.apus.corpus.agent;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Kimi K2.5: section tokens around calls; tools as TypeScript types; a result names the call that it answers. */
final class KimiTokens implements CallSyntax {
    private static final Map<String, String> TYPES = Map.of(
            "string", "string", "number", "number", "integer", "number", "boolean", "boolean", "array", "any[]",
            "object", "object", "null", "null");
    private static final Pattern CALL =
            Blocks.pattern("<\\|tool_call_begin\\|>(.*?)<\\|tool_call_argument_begin\\|>(.*?)<\\|tool_call_end\\|>");

    @Override
    public String calls(List<ToolCall> calls) {
        return "<|tool_calls_section_begin|>"
                + Blocks.each(
                        calls,
                        call -> "<|tool_call_begin|>" + call.name() + "<|tool_call_argument_begin|>"
                                + call.argumentsJson() + "<|tool_call_end|>",
                        "")
                + "<|tool_calls_section_end|>";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        StringBuilder text = new StringBuilder("<|im_end|>");
        for (int i = 0; i < results.size(); i++) {
            String name = i < calls.size() ? calls.get(i).name() : "";
            text.append("<|im_system|>tool<|im_middle|>## Return of " + name + "\n" + results.get(i) + "<|im_end|>");
        }
        return text.append("<|im_assistant|>assistant<|im_middle|>").toString();
    }

    @Override
    public String tool(Tool tool) {
        StringBuilder text = new StringBuilder();
        if (!tool.description().isEmpty()) {
            text.append("// ").append(tool.description()).append('\n');
        }
        text.append("type ").append(tool.name()).append(" = (_: {");
        String separator = "\n";
        for (Map.Entry<?, ?> property : tool.properties().entrySet()) {
            Map<?, ?> schema = Tool.map(property.getValue());
            text.append(separator);
            if (schema.get("description") instanceof String description && !description.isEmpty()) {
                text.append("  // ").append(description).append('\n');
            }
            text.append("  ").append(property.getKey()).append(": ").append(type(schema.get("type")));
            separator = ",\n";
        }
        return text.append(tool.properties().isEmpty() ? "" : "\n")
                .append("}) => any;")
                .toString();
    }

    private static String type(Object type) {
        return type instanceof String name ? TYPES.getOrDefault(name, "any") : "any";
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> ToolCall.ofText(match.group(1), match.group(2)));
    }
}
