package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** MiniMax-M2: {@code invoke} and {@code parameter} elements inside {@code minimax:tool_call}; results come in a turn of the role tool. */
final class InvokeTags implements CallSyntax {
    private static final Pattern BLOCK = Blocks.pattern("<minimax:tool_call>(.*?)</minimax:tool_call>");
    private static final Pattern CALL = Blocks.pattern("<invoke name=\"([^\"]+)\">(.*?)</invoke>");
    private static final Pattern PARAMETER = Blocks.pattern("<parameter name=\"([^\"]+)\">(.*?)</parameter>");

    @Override
    public String calls(List<ToolCall> calls) {
        return "<minimax:tool_call>\n" + Blocks.each(calls, InvokeTags::call, "\n") + "\n</minimax:tool_call>";
    }

    private static String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<invoke name=\"" + call.name() + "\">\n");
        call.argumentMap().forEach((name, value) -> text.append("<parameter name=\"")
                .append(name)
                .append("\">")
                .append(value instanceof String plain ? plain : PythonJson.of(value))
                .append("</parameter>\n"));
        return text.append(call.argumentMap().isEmpty() ? "\n" : "")
                .append("</invoke>")
                .toString();
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        Frame tool = new Frame(frame.separator(), frame.prompt().replace("user", "tool"));
        return tool.turn(Blocks.each(results, "<response>", "</response>", "\n"));
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(
                        BLOCK,
                        text,
                        block -> Blocks.find(CALL, block.group(1), match -> {
                            Map<String, Object> arguments = new LinkedHashMap<>();
                            Blocks.find(
                                    PARAMETER,
                                    match.group(2),
                                    one -> arguments.put(
                                            one.group(1),
                                            AgentJson.valueOf(one.group(2).strip())));
                            return new ToolCall(match.group(1), arguments);
                        }))
                .stream()
                .flatMap(List::stream)
                .toList();
    }
}
