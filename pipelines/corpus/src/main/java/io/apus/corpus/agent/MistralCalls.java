package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.List;
import java.util.Map;

/** Mistral: {@code [TOOL_CALLS]} and one JSON object a line; results as JSON inside {@code [TOOL_RESULTS]}. */
final class MistralCalls implements CallSyntax {
    private static final String CALLS = "[TOOL_CALLS]";

    @Override
    public String calls(List<ToolCall> calls) {
        return CALLS + "[\n" + Blocks.each(calls, call -> call.json("arguments"), "\n") + "\n]</s>";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        List<String> contents = results.stream()
                .map(result -> PythonJson.of(Map.of("content", result)))
                .toList();
        return frame.turn(Blocks.each(contents, "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "\n"));
    }

    /** The objects may stand in a JSON list with commas, as the models' own chat templates write them. */
    @Override
    public List<ToolCall> parse(String text) {
        int start = text.indexOf(CALLS);
        return start < 0
                ? List.of()
                : JsonObjects.in(text.substring(start)).stream()
                        .filter(object -> object.get("name") instanceof String && object.get("arguments") != null)
                        .map(object ->
                                new ToolCall((String) object.get("name"), AgentJson.valueOf(object.get("arguments"))))
                        .toList();
    }
}
