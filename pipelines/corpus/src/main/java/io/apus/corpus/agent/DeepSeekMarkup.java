package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** DeepSeek-V4: invoke and parameter elements marked with ｜DSML｜; a parameter says whether it is text or JSON. */
final class DeepSeekMarkup implements CallSyntax {
    private static final String MARK = "｜DSML｜";
    private static final Pattern CALL =
            Blocks.pattern("<" + MARK + "invoke\\s+name=\"([^\"]+)\">\\s*(.*?)\\s*</" + MARK + "invoke>");
    private static final Pattern PARAMETER = Blocks.pattern(
            "<" + MARK + "parameter\\s+name=\"([^\"]+)\"\\s+string=\"(true|false)\">(.*?)</" + MARK + "parameter>");

    @Override
    public String calls(List<ToolCall> calls) {
        return "<" + MARK + "tool_calls>\n" + Blocks.each(calls, DeepSeekMarkup::call, "\n") + "\n</" + MARK
                + "tool_calls>";
    }

    private static String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<" + MARK + "invoke name=\"" + call.name() + "\">\n");
        call.argumentMap()
                .forEach((name, value) -> text.append("<" + MARK + "parameter name=\"" + name + "\" string=\""
                        + (value instanceof String) + "\">"
                        + (value instanceof String plain ? plain : PythonJson.of(value))
                        + "</" + MARK + "parameter>\n"));
        return text.append(call.argumentMap().isEmpty() ? "\n" : "")
                .append("</" + MARK + "invoke>")
                .toString();
    }

    @Override
    public String gap(String said) {
        return "\n\n";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return "<｜end▁of▁sentence｜><｜User｜>" + Blocks.each(results, "<tool_result>", "</tool_result>", "\n\n")
                + "<｜Assistant｜>";
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(
                    PARAMETER,
                    match.group(2),
                    one -> arguments.put(
                            one.group(1),
                            one.group(2).equals("true") ? one.group(3) : AgentJson.valueOf(one.group(3))));
            return new ToolCall(match.group(1), arguments);
        });
    }
}
