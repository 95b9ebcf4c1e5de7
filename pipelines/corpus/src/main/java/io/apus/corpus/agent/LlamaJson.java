package io.apus.corpus.agent;

import java.util.List;

/**
 * Llama 3.1 and 4: a bare JSON object with {@code name} and {@code parameters}; the tools stand in the first user message.
 *
 * @param headerStart what opens a role's header
 * @param headerEnd what closes it
 * @param endOfTurn ends a turn
 * @param endOfMessage ends a message after which the model waits for a tool
 */
record LlamaJson(String headerStart, String headerEnd, String endOfTurn, String endOfMessage) implements CallSyntax {
    static final LlamaJson LLAMA3 =
            new LlamaJson("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>");
    static final LlamaJson LLAMA4 = new LlamaJson("<|header_start|>", "<|header_end|>", "<|eot|>", "<|eom|>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, call -> call.json("parameters"), "\n");
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return endOfTurn + Blocks.each(results, header("tool"), endOfTurn, "") + header("assistant");
    }

    private String header(String role) {
        return headerStart + role + headerEnd + "\n\n";
    }

    @Override
    public List<ToolCall> parse(String text) {
        String shown = text.endsWith(endOfMessage) ? text.substring(0, text.length() - endOfMessage.length()) : text;
        return JsonObjects.in(shown).stream()
                .filter(object -> object.get("name") instanceof String && object.get("parameters") != null)
                .map(object -> new ToolCall((String) object.get("name"), AgentJson.valueOf(object.get("parameters"))))
                .toList();
    }
}
