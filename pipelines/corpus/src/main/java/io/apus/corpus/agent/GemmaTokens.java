package io.apus.corpus.agent;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Gemma 4: tools, calls and results between special tokens in its own notation, all inside one turn of the model. */
final class GemmaTokens implements CallSyntax {
    private static final String RESPONSE = "<|tool_response>";
    private static final Pattern CALL = Blocks.pattern("<\\|tool_call>call:([^{]+)\\{(.*?)\\}<tool_call\\|>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(
                calls,
                call -> "<|tool_call>call:" + call.name() + "{" + GemmaValue.fields(call.argumentMap(), false)
                        + "}<tool_call|>",
                "");
    }

    @Override
    public Observation observe(String assistant, List<String> results, Frame frame) {
        String asked = assistant.endsWith(RESPONSE)
                ? assistant.substring(0, assistant.length() - RESPONSE.length())
                : assistant;
        return new Observation(asked, results(results, parse(assistant), frame));
    }

    /** A result that is text is the field {@code value}. */
    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < results.size(); i++) {
            text.append(RESPONSE)
                    .append("response:")
                    .append(i < calls.size() ? calls.get(i).name() : "unknown")
                    .append("{value:")
                    .append(GemmaValue.quoted(results.get(i)))
                    .append("}<tool_response|>");
        }
        return text.toString();
    }

    @Override
    public String tool(Tool tool) {
        return "<|tool>" + GemmaDeclaration.of(tool) + "<tool|>";
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(
                CALL,
                text,
                match -> new ToolCall(
                        match.group(1).strip(),
                        GemmaValue.parseFields(match.group(2)) instanceof Map<?, ?> arguments
                                ? arguments
                                : match.group(2)));
    }
}
