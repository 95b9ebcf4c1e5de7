package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tags the strings of a list of maps with the index of their map. */
final class Tracing {
    private Tracing() {}

    static List<Map<String, Object>> items(Object items, List<String> untraced) {
        List<Map<String, Object>> tagged = new ArrayList<>();
        for (Object item : (List<?>) items) {
            Origin origin = Origin.ofItem(tagged.size());
            Map<String, Object> copy = new LinkedHashMap<>();
            ((Map<?, ?>) item).forEach((key, value) -> {
                String name = String.valueOf(key);
                copy.put(name, untraced.contains(name) ? value : tag(value, origin));
            });
            tagged.add(copy);
        }
        return tagged;
    }

    private static Object tag(Object value, Origin origin) {
        if (value instanceof String text) {
            return Text.of(text, origin);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, tag(inner, origin)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream()
                        .map(inner -> tag(inner, origin))
                        .collect(java.util.stream.Collectors.toCollection(ArrayList::new))
                : value;
    }
}
