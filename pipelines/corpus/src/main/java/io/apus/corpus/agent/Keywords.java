package io.apus.corpus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls between key words: an action, its input, then the observation, all in one assistant text (ReAct, arXiv 2210.03629; Qwen-Agent's
 * fncall prompt). The arguments are written as JSON, which is what the introductions ask for.
 */
record Keywords(String action, String input, String observation) implements CallSyntax {
    static final Keywords REACT = new Keywords("Action:", "Action Input:", "Observation:");
    static final Keywords QWEN = new Keywords("✿FUNCTION✿:", "✿ARGS✿:", "✿RESULT✿:");

    @Override
    public String calls(List<ToolCall> calls) {
        StringBuilder text = new StringBuilder();
        for (ToolCall call : calls) {
            text.append(action).append(' ').append(call.name()).append('\n');
            text.append(input).append(' ').append(call.argumentsJson()).append('\n');
        }
        return text.append(observation).toString();
    }

    boolean areIn(String text) {
        return text.contains(action) && text.contains(input);
    }

    @Override
    public Observation observe(String assistant, List<String> results, Frame frame) {
        if (!areIn(assistant)) {
            return new Observation(assistant, String.join("", results));
        }
        String asked = assistant.endsWith(observation)
                ? assistant
                : assistant + (assistant.endsWith("\n") ? "" : "\n") + observation;
        return new Observation(asked, results(results, List.of(), frame));
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        StringBuilder text = new StringBuilder();
        for (String result : results) {
            text.append(text.length() > 0 ? observation : "").append(result).append(result.endsWith("\n") ? "" : "\n");
        }
        return text.toString();
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        StringBuilder text = new StringBuilder();
        results.forEach(
                result -> text.append('\n').append(observation).append('\n').append(result));
        return text.toString();
    }

    @Override
    public List<ToolCall> parse(String text) {
        List<ToolCall> calls = new ArrayList<>();
        String name = null;
        Matcher key = Pattern.compile(
                        Pattern.quote(action) + "|" + Pattern.quote(input) + "|" + Pattern.quote(observation))
                .matcher(text);
        boolean found = key.find();
        while (found) {
            String word = key.group().toLowerCase(Locale.ROOT);
            int from = key.end();
            found = key.find();
            String content = text.substring(from, found ? key.start() : text.length());
            if (name == null && word.equals(action.toLowerCase(Locale.ROOT))) {
                name = content;
            } else if (name != null && word.equals(input.toLowerCase(Locale.ROOT))) {
                calls.add(ToolCall.ofText(name, content));
                name = null;
            }
        }
        return calls;
    }
}
