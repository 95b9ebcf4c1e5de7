package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code <function=name>} with {@code <parameter=name>} elements inside {@code tool_call} (chat templates of Qwen3-Coder and Qwen3.5).
 * Values that are no containers are written as Python's {@code str}, as those templates do, and read as text.
 *
 * @param isCoder Qwen3-Coder lists tools as elements; Qwen3.5 as JSON, with a blank line between what is said and the first call
 */
record FunctionTags(boolean isCoder) implements CallSyntax {
    private static final Pattern CALL =
            Blocks.pattern("<tool_call>\\s*<function=([^>]+)>(.*?)</function>\\s*</tool_call>");
    private static final Pattern PARAMETER = Blocks.pattern("<parameter=([^>]+)>\\s*(.*?)\\s*</parameter>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, FunctionTags::call, "\n");
    }

    private static String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<tool_call>\n<function=" + call.name() + ">\n");
        call.argumentMap().forEach((name, value) -> text.append("<parameter=")
                .append(name)
                .append(">\n")
                .append(text(value))
                .append("\n</parameter>\n"));
        return text.append("</function>\n</tool_call>").toString();
    }

    private static String text(Object value) {
        boolean isContainer = value instanceof Map<?, ?> || value instanceof List<?>;
        return isContainer ? PythonJson.of(value) : PythonJson.str(value);
    }

    @Override
    public String gap(String said) {
        return isCoder || said == null || Thinking.behind(said).isBlank() ? "" : "\n\n";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return frame.turn(responses(results));
    }

    private String responses(List<String> results) {
        return isCoder
                ? Blocks.each(results, "<tool_response>\n", "\n</tool_response>\n", "")
                : Blocks.each(results, "<tool_response>\n", "\n</tool_response>", "\n");
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        return frame.openTurn(responses(results));
    }

    @Override
    public String tool(Tool tool) {
        return isCoder ? FunctionElement.of(tool) : null;
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(
                    PARAMETER,
                    match.group(2),
                    parameter -> arguments.put(
                            parameter.group(1).strip(), parameter.group(2).strip()));
            return new ToolCall(match.group(1).strip(), arguments);
        });
    }
}
