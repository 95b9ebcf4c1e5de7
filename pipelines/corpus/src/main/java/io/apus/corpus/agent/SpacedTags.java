package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** MiniMax-M3: every element behind a name-space token, values nested as elements; null values are left out. */
final class SpacedTags implements CallSyntax {
    private static final String SPACE = "]<]minimax[>[";
    private static final String QUOTED = Pattern.quote(SPACE);
    private static final Pattern BLOCK = Blocks.pattern(QUOTED + "<tool_call>(.*?)" + QUOTED + "</tool_call>");
    private static final Pattern CALL =
            Blocks.pattern(QUOTED + "<invoke\\s+name=\"([^\"]+)\">(.*?)" + QUOTED + "</invoke>");

    private record Element(String name, String content) {}

    @Override
    public String calls(List<ToolCall> calls) {
        return SPACE + "<tool_call>\n"
                + Blocks.each(
                        calls,
                        call -> SPACE + "<invoke name=\"" + call.name() + "\">" + fields(call.argumentMap()) + SPACE
                                + "</invoke>",
                        "\n")
                + "\n" + SPACE + "</tool_call>";
    }

    private static String fields(Map<?, ?> map) {
        StringBuilder text = new StringBuilder();
        map.forEach((key, value) -> text.append(value == null ? "" : element(String.valueOf(key), value)));
        return text.toString();
    }

    private static String element(String name, Object value) {
        return SPACE + "<" + name + ">" + text(value) + SPACE + "</" + name + ">";
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            return fields(map);
        }
        if (value instanceof List<?> list) {
            StringBuilder items = new StringBuilder();
            list.forEach(item -> items.append(element("item", item == null ? "" : item)));
            return items.toString();
        }
        return value instanceof String plain ? plain : PythonJson.of(value);
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
                            elements(match.group(2)).forEach(one -> arguments.put(one.name(), value(one.content())));
                            return new ToolCall(match.group(1), arguments);
                        }))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Object value(String content) {
        String stripped = content.strip();
        List<Element> elements = stripped.startsWith(SPACE + "<") ? elements(stripped) : List.of();
        if (elements.isEmpty()) {
            return AgentJson.valueOf(stripped);
        }
        if (elements.get(0).name().equals("item")) {
            List<Object> items = new ArrayList<>();
            elements.forEach(item -> items.add(value(item.content())));
            return items;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        elements.forEach(field -> fields.put(field.name(), value(field.content())));
        return fields;
    }

    /** The outermost elements, counting those of the same name inside. */
    private static List<Element> elements(String text) {
        List<Element> elements = new ArrayList<>();
        int position = text.indexOf(SPACE + "<");
        while (position >= 0) {
            int nameStart = position + SPACE.length() + 1;
            int nameEnd = text.indexOf('>', nameStart);
            if (nameEnd < 0) {
                break;
            }
            String name = text.substring(nameStart, nameEnd);
            int end = end(text, name, nameEnd + 1);
            if (end < 0) {
                break;
            }
            elements.add(new Element(name, text.substring(nameEnd + 1, end)));
            position = text.indexOf(SPACE + "<", end + SPACE.length() + name.length() + 3);
        }
        return elements;
    }

    private static int end(String text, String name, int from) {
        String open = SPACE + "<" + name + ">";
        String close = SPACE + "</" + name + ">";
        int depth = 1;
        int position = from;
        while (true) {
            int nextClose = text.indexOf(close, position);
            int nextOpen = text.indexOf(open, position);
            if (nextClose < 0) {
                return -1;
            }
            boolean opens = nextOpen >= 0 && nextOpen < nextClose;
            depth += opens ? 1 : -1;
            if (depth == 0) {
                return nextClose;
            }
            position = opens ? nextOpen + open.length() : nextClose + close.length();
        }
    }
}
