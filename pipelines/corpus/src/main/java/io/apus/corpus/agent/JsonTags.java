package io.apus.corpus.agent;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A JSON object inside a {@code tool_call} element (Hermes function calling, used by Qwen2.5 and Qwen3; Youtu-LLM without line breaks).
 *
 * @param space what stands inside the elements on both sides
 * @param join between calls
 */
record JsonTags(String space, String join) implements CallSyntax {
    private static final Pattern CALL = Blocks.pattern("<tool_call>(.+?)</tool_call>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(
                calls, call -> "<tool_call>" + space + call.json("arguments") + space + "</tool_call>", join);
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return frame.turn(responses(results));
    }

    private String responses(List<String> results) {
        return Blocks.each(results, "<tool_response>" + space, space + "</tool_response>", "\n");
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        return frame.openTurn(responses(results));
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            boolean isCall = AgentJson.parseOrNull(match.group(1).strip()) instanceof Map<?, ?> call
                    && call.containsKey("arguments");
            return isCall ? ToolCall.readOrNull(match.group(1).strip()) : null;
        });
    }
}
