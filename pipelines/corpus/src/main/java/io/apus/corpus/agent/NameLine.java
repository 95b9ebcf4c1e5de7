package io.apus.corpus.agent;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** GLM-4: a line with the function's name, then the arguments as JSON; results behind {@code <|observation|>}. */
final class NameLine implements CallSyntax {
    private static final String OBSERVATION = "<|observation|>";
    private static final String ASSISTANT = "<|assistant|>";
    private static final Pattern CALL = Blocks.pattern("([^\\n`]*?)\\n(\\{.*?\\})(?=\\w*\\n|$)");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, call -> call.name() + "\n" + call.argumentsJson(), ASSISTANT) + OBSERVATION;
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return "\n" + String.join(OBSERVATION + "\n", results) + ASSISTANT + "\n";
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        return Blocks.each(results, OBSERVATION + "\n", "", "");
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Stream.of(text.split(Pattern.quote(ASSISTANT), -1))
                .map(part -> part.replace(OBSERVATION, ""))
                .map(part -> Blocks.find(CALL, part, match -> ToolCall.ofText(match.group(1), match.group(2))))
                .filter(found -> !found.isEmpty())
                .map(found -> found.get(0))
                .toList();
    }
}
