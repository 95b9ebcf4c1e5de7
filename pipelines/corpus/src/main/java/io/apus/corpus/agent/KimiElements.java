package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Kimi K3: call and argument elements of special tokens, each argument with its JSON type; results as messages of the role tool. */
final class KimiElements implements CallSyntax {
    private static final String SEP = "<|sep|>";
    private static final String MESSAGE_END = "<|close|>message<|sep|><|end_of_msg|>";
    private static final Pattern CALL = Blocks.pattern(
            "<\\|open\\|>call tool=\"(.*?)\"(?: index=\"\\d+\")?<\\|sep\\|>(.*?)<\\|close\\|>call<\\|sep\\|>");
    private static final Pattern ARGUMENT = Blocks.pattern(
            "<\\|open\\|>argument key=\"(.*?)\" type=\"(.*?)\"<\\|sep\\|>(.*?)<\\|close\\|>argument<\\|sep\\|>");

    @Override
    public String calls(List<ToolCall> calls) {
        StringBuilder text = new StringBuilder("<|open|>tools" + SEP);
        for (int i = 0; i < calls.size(); i++) {
            text.append("<|open|>call tool=\"" + escape(calls.get(i).name()) + "\" index=\"" + (i + 1) + "\"" + SEP);
            calls.get(i)
                    .argumentMap()
                    .forEach((name, value) -> text.append("<|open|>argument key=\"" + escape(name)
                            + "\" type=\"" + type(value) + "\"" + SEP
                            + (value instanceof String plain ? plain : PythonJson.of(value)) + "<|close|>argument"
                            + SEP));
            text.append("<|close|>call" + SEP);
        }
        return text.append("<|close|>tools" + SEP).toString();
    }

    /** Without a text before the calls, the empty response channel ends first. */
    @Override
    public String gap(String said) {
        return said == null ? "<|close|>response" + SEP : "";
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        StringBuilder text = new StringBuilder(MESSAGE_END);
        for (int i = 0; i < results.size(); i++) {
            String name = i < calls.size() ? calls.get(i).name() : "";
            text.append("<|open|>message role=\"tool\" tool=\"" + escape(name) + "\" index=\"" + (i + 1) + "\"" + SEP
                    + results.get(i) + MESSAGE_END);
        }
        return text.append("<|open|>message role=\"assistant\"" + SEP).toString();
    }

    @Override
    public String tool(Tool tool) {
        return PythonJson.compactSorted(tool.wrapped());
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(ARGUMENT, match.group(2), one -> {
                arguments.put(unescape(one.group(1)), value(one.group(2), one.group(3)));
                return one;
            });
            return new ToolCall(unescape(match.group(1)), arguments);
        });
    }

    private static Object value(String type, String text) {
        return switch (type) {
            case "string" -> text;
            case "null" -> null;
            default -> AgentJson.valueOf(text);
        };
    }

    private static String type(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof Number) {
            return "number";
        }
        return value instanceof String ? "string" : value instanceof Map<?, ?> ? "object" : "array";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;");
    }

    private static String unescape(String text) {
        return text.replace("&quot;", "\"").replace("&amp;", "&");
    }
}
