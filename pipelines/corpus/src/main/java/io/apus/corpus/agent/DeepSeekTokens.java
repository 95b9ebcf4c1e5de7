package io.apus.corpus.agent;

import java.util.List;
import java.util.regex.Pattern;

/** DeepSeek-V3.1: special tokens around name and JSON arguments; results between output tokens behind the end of the sentence. */
final class DeepSeekTokens implements CallSyntax {
    private static final Pattern CALL = Blocks.pattern("<｜tool▁call▁begin｜>(.*?)<｜tool▁sep｜>(.*?)<｜tool▁call▁end｜>");

    @Override
    public String calls(List<ToolCall> calls) {
        return "<｜tool▁calls▁begin｜>"
                + Blocks.each(
                        calls,
                        call -> "<｜tool▁call▁begin｜>" + call.name() + "<｜tool▁sep｜>" + call.argumentsJson()
                                + "<｜tool▁call▁end｜>",
                        "")
                + "<｜tool▁calls▁end｜>";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return "<｜end▁of▁sentence｜>" + Blocks.each(results, "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>", "");
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> ToolCall.ofText(match.group(1), match.group(2)));
    }
}
