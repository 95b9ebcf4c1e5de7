package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Hunyuan 3: {@code arg_key} and {@code arg_value} lines behind {@code tool_sep}; the released model marks all elements with a suffix. */
final class HunyuanV3Tags implements CallSyntax {
    private final String mark;
    private final Pattern call;
    private final Pattern argument;

    /** {@code mark} is empty or what follows each element's name. */
    HunyuanV3Tags(String mark) {
        this.mark = mark;
        String quoted = Pattern.quote(mark);
        this.call =
                Blocks.pattern("<tool_call" + quoted + ">(.*?)<tool_sep" + quoted + ">(.*?)</tool_call" + quoted + ">");
        this.argument = Blocks.pattern("<arg_key" + quoted + ">(.*?)</arg_key" + quoted + ">\\s*<arg_value" + quoted
                + ">(.*?)</arg_value" + quoted + ">");
    }

    private String open(String name) {
        return "<" + name + mark + ">";
    }

    private String close(String name) {
        return "</" + name + mark + ">";
    }

    @Override
    public String calls(List<ToolCall> calls) {
        return open("tool_calls") + "\n" + Blocks.each(calls, this::one, "\n") + "\n" + close("tool_calls");
    }

    private String one(ToolCall call) {
        StringBuilder text = new StringBuilder(open("tool_call") + call.name() + open("tool_sep") + "\n");
        call.argumentMap()
                .forEach((name, value) -> text.append(open("arg_key") + name + close("arg_key") + "\n"
                        + open("arg_value") + (value instanceof String plain ? plain : PythonJson.of(value))
                        + close("arg_value") + "\n"));
        return text.append(call.argumentMap().isEmpty() ? "\n" : "")
                .append(close("tool_call"))
                .toString();
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return "<｜hy_eos" + mark + "｜>" + open("tool_responses") + "\n"
                + Blocks.each(results, open("tool_response") + "\n", "\n" + close("tool_response"), "\n")
                + "\n" + close("tool_responses") + "<｜hy_Assistant" + mark + "｜>";
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(call, text, match -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(
                    argument,
                    match.group(2),
                    one -> arguments.put(
                            one.group(1).strip(), AgentJson.valueOf(one.group(2).strip())));
            return new ToolCall(match.group(1).strip(), arguments);
        });
    }
}
