package io.apus.corpus.template;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation as the list of maps that Hugging Face chat templates expect: tool calls become the {@code tool_calls} of an assistant
 * message, tool responses messages with the role {@code tool} (transformers documentation, "Tool use").
 */
final class TemplateMessages {
    private final List<Map<String, Object>> maps = new ArrayList<>();
    private final List<int[]> sources = new ArrayList<>();
    private final List<String> openCalls = new ArrayList<>();
    private int calls;

    private TemplateMessages() {}

    static TemplateMessages of(List<Message> messages) {
        TemplateMessages converted = new TemplateMessages();
        for (int i = 0; i < messages.size(); i++) {
            converted.add(messages.get(i), i);
        }
        return converted;
    }

    /** The maps for the template. */
    List<Map<String, Object>> maps() {
        return maps;
    }

    /** Index of the first conversation message behind a map. */
    int first(int map) {
        return sources.get(map)[0];
    }

    /** Index of the last conversation message behind a map. */
    int last(int map) {
        return sources.get(map)[1];
    }

    boolean isAssistant(int map) {
        return Roles.ASSISTANT.equals(maps.get(map).get("role"));
    }

    private void add(Message message, int index) {
        switch (message.role()) {
            case Roles.TOOL_CALL -> call(message, index);
            case Roles.TOOL_RESPONSE -> response(message, index);
            default -> append(map(message.role(), message.content()), index);
        }
    }

    private void call(Message message, int index) {
        JsonNode call = Json.parseOrNull(message.content());
        if (call == null || !call.hasNonNull("name")) {
            append(map(Roles.ASSISTANT, message.content()), index);
            return;
        }
        int previous = maps.size() - 1;
        boolean joins = previous >= 0 && isAssistant(previous) && last(previous) == index - 1;
        if (!joins) {
            append(map(Roles.ASSISTANT, ""), index);
        }
        int target = maps.size() - 1;
        sources.get(target)[1] = index;
        calls(target).add(toolCall(call));
    }

    @SuppressWarnings("unchecked") // only this class puts tool_calls into a map
    private List<Object> calls(int target) {
        return (List<Object>) maps.get(target).computeIfAbsent("tool_calls", key -> new ArrayList<>());
    }

    private Map<String, Object> toolCall(JsonNode call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.get("name").asText());
        function.put("arguments", call.has("arguments") ? Json.value(call.get("arguments")) : Map.of());
        String id = String.format("call%05d", calls++);
        openCalls.add(id);
        Map<String, Object> wrapped = new LinkedHashMap<>();
        wrapped.put("id", id);
        wrapped.put("type", "function");
        wrapped.put("function", function);
        return wrapped;
    }

    private void response(Message message, int index) {
        Map<String, Object> map = map("tool", message.content());
        if (!openCalls.isEmpty()) {
            map.put("tool_call_id", openCalls.remove(0));
        }
        append(map, index);
    }

    private static Map<String, Object> map(String role, String content) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("content", content);
        return map;
    }

    private void append(Map<String, Object> map, int index) {
        maps.add(map);
        sources.add(new int[] {index, index});
    }
}
