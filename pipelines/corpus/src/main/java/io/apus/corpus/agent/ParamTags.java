package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MiniCPM5: {@code <function name="f"><param name="p">value</param></function>}, CDATA around texts with markup or line breaks. */
final class ParamTags implements CallSyntax {
    private static final Pattern CALL = Blocks.pattern("<function\\s+name=\"([^\"]+)\">(.*?)</function>");
    private static final Pattern PARAMETER =
            Blocks.pattern("<param\\s+name=\"([^\"]+)\">(?:<!\\[CDATA\\[(.*?)\\]\\]>|([^<]*))</param>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, ParamTags::call, "\n");
    }

    private static String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<function name=\"" + call.name() + "\">");
        call.argumentMap().forEach((name, value) -> text.append("<param name=\"")
                .append(name)
                .append("\">")
                .append(text(value))
                .append("</param>"));
        return text.append("</function>").toString();
    }

    private static String text(Object value) {
        if (!(value instanceof String text)) {
            return PythonJson.of(value);
        }
        boolean isMarkup = text.contains("<") || text.contains("&") || text.contains("\n");
        return isMarkup ? "<![CDATA[" + text + "]]>" : text;
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return frame.turn(Blocks.each(results, "<tool_response>\n", "\n</tool_response>", "\n"));
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(PARAMETER, match.group(2), one -> arguments.put(one.group(1), value(one)));
            return new ToolCall(match.group(1), arguments);
        });
    }

    private static Object value(Matcher parameter) {
        String value = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
        return AgentJson.valueOf(value);
    }
}
