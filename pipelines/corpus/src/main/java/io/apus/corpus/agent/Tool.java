package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One tool that a model may call.
 *
 * @param function the definition: name, description, parameters (a JSON schema)
 * @param wrapped the definition as OpenAI lists it, with {@code type} around it
 */
record Tool(Map<?, ?> function, Map<?, ?> wrapped) {
    /** Tools from the JSON text of one or a list of them, each bare or wrapped, or as JSON text itself. */
    static List<Tool> read(String json) {
        Object parsed = AgentJson.parseOrNull(json);
        List<?> items = parsed instanceof List<?> list ? list : List.of(parsed == null ? "" : parsed);
        List<Tool> tools = new ArrayList<>();
        for (Object item : items) {
            tools.add(of(AgentJson.valueOf(item)));
        }
        return tools;
    }

    private static Tool of(Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            throw new UserError(
                    "Cannot introduce the tools of a sample",
                    "they are not a JSON list of function definitions",
                    "Give tools as OpenAI lists them.");
        }
        if (map.get("function") instanceof Map<?, ?> function && map.containsKey("type")) {
            return new Tool(function, map);
        }
        Map<String, Object> wrapped = new LinkedHashMap<>();
        wrapped.put("type", "function");
        wrapped.put("function", map);
        return new Tool(map, wrapped);
    }

    String name() {
        return text(function.containsKey("name_for_model") ? "name_for_model" : "name");
    }

    String humanName() {
        return function.containsKey("name_for_human") ? text("name_for_human") : name();
    }

    String description() {
        return text(function.containsKey("description") ? "description" : "description_for_model");
    }

    private String text(String key) {
        Object value = function.get(key);
        return value == null ? "" : PythonJson.str(value);
    }

    /** The parameters' schema; empty where there is none. */
    Map<?, ?> parameters() {
        return map(function.get("parameters"));
    }

    /** The schemas of the parameters by name. */
    Map<?, ?> properties() {
        return map(parameters().get("properties"));
    }

    static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    String parametersJson() {
        Object parameters = function.get("parameters");
        return parameters instanceof String text ? text : PythonJson.of(parameters());
    }
}
