package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Methods of mappings. */
final class MapMethods {
    static final Map<String, Methods.Method<Map<Object, Object>>> ALL = Map.of(
            "items", (context, map, arguments) -> MapFilters.items(map),
            "keys", (context, map, arguments) -> new ArrayList<>(map.keySet()),
            "values", (context, map, arguments) -> new ArrayList<>(map.values()),
            "get",
                    (context, map, arguments) -> {
                        Object key = Values.key(arguments.required(0, "key"));
                        return map.containsKey(key) ? map.get(key) : arguments.get(1, "default", null);
                    },
            "pop",
                    (context, map, arguments) -> {
                        Object key = Values.key(arguments.required(0, "key"));
                        Object popped = map.containsKey(key) ? map.get(key) : arguments.required(1, "default");
                        Methods.change(() -> map.remove(key));
                        return popped;
                    },
            "update",
                    (context, map, arguments) -> {
                        Object other = arguments.get(0, "other", Map.of());
                        context.budget().list(map.size());
                        return Methods.change(() -> {
                            if (other instanceof Map<?, ?> more) {
                                more.forEach(map::put);
                            }
                            arguments.named().forEach(map::put);
                        });
                    },
            "setdefault",
                    (context, map, arguments) -> {
                        Object key = Values.key(arguments.required(0, "key"));
                        if (!map.containsKey(key)) {
                            Methods.change(() -> map.put(key, arguments.get(1, "default", null)));
                        }
                        return map.get(key);
                    },
            "copy", (context, map, arguments) -> new LinkedHashMap<>(map));

    private MapMethods() {}
}
