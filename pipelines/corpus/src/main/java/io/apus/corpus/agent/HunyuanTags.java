package io.apus.corpus.agent;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Hunyuan's calls: Hermes elements inside one {@code tool_calls} element. A name followed by a fenced JSON block, which the introduction
 * asks for, is understood too.
 */
final class HunyuanTags implements CallSyntax {
    private static final JsonTags HERMES = new JsonTags("\n", "\n");
    private static final Pattern FENCED = Blocks.pattern("<tool_call>(.+?)\n```json(.+?)```</tool_call>");

    @Override
    public String calls(List<ToolCall> calls) {
        return "<tool_calls>\n" + HERMES.calls(calls) + "\n</tool_calls>";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return frame.turn(responses(results));
    }

    private static String responses(List<String> results) {
        return "<tool_responses>" + Blocks.each(results, "<tool_response>", "</tool_response>", "\n")
                + "</tool_responses>";
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        return frame.openTurn(responses(results));
    }

    @Override
    public List<ToolCall> parse(String text) {
        List<ToolCall> fenced = Blocks.find(FENCED, text, match -> ToolCall.ofText(match.group(1), match.group(2)));
        return fenced.isEmpty() ? HERMES.parse(text) : fenced;
    }
}
