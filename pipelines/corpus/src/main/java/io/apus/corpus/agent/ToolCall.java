package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One call of a tool.
 *
 * @param name the function's name
 * @param arguments its arguments as a map of JSON values; or, where a model wrote something that is no JSON object, that text
 */
public record ToolCall(String name, Object arguments) {
    /**
     * The call in the content of a {@code tool_call} message: an object with {@code name} and {@code arguments} (or {@code parameters}),
     * the arguments as an object or as its JSON text. Null where the content is something else.
     */
    public static ToolCall readOrNull(String content) {
        if (!(AgentJson.parseOrNull(content) instanceof Map<?, ?> call) || !(call.get("name") instanceof String name)) {
            return null;
        }
        Object arguments = call.containsKey("arguments") ? call.get("arguments") : call.get("parameters");
        return new ToolCall(name, arguments == null ? Map.of() : AgentJson.valueOf(arguments));
    }

    /** A call whose arguments a model wrote as text: parsed where they are JSON. */
    static ToolCall ofText(String name, String arguments) {
        return new ToolCall(name.strip(), AgentJson.valueOf(arguments.strip()));
    }

    /** The arguments by name; empty where they are no object. */
    Map<String, Object> argumentMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (arguments instanceof Map<?, ?> given) {
            given.forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    /** The arguments as JSON. */
    String argumentsJson() {
        return arguments instanceof String text ? text : PythonJson.of(arguments);
    }

    /** Name and arguments as one JSON object, the arguments under {@code key}. */
    String json(String key) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("name", name);
        call.put(key, arguments);
        return PythonJson.of(call);
    }

    /** As an entry of {@code tool_calls} in an OpenAI chat completion: the arguments are JSON text there. */
    public Map<String, Object> toOpenAi(String id) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", argumentsJson());
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }
}
