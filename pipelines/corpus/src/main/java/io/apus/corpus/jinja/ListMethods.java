package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Methods of lists. */
final class ListMethods {
    static final Map<String, Methods.Method<List<Object>>> ALL = Map.of(
            "append",
                    (context, list, arguments) -> {
                        context.budget().list(1);
                        return Methods.change(() -> list.add(arguments.required(0, "object")));
                    },
            "extend",
                    (context, list, arguments) -> {
                        List<?> items = new ArrayList<>(Values.items(arguments.required(0, "iterable")));
                        context.budget().list((long) list.size() + items.size());
                        return Methods.change(() -> list.addAll(items));
                    },
            "insert",
                    (context, list, arguments) -> {
                        int index = Values.index(arguments.required(0, "index"));
                        int at = Math.max(0, Math.min(list.size(), index < 0 ? index + list.size() : index));
                        return Methods.change(() -> list.add(at, arguments.required(1, "object")));
                    },
            "pop", (context, list, arguments) -> pop(list, arguments.integer(0, "index", -1)),
            "remove",
                    (context, list, arguments) -> {
                        int at = ListMethods.find(list, arguments.required(0, "value"));
                        return Methods.change(() -> list.remove(at));
                    },
            "index", (context, list, arguments) -> (long) find(list, arguments.required(0, "value")),
            "count",
                    (context, list, arguments) -> list.stream()
                            .filter(item -> Values.equal(item, arguments.required(0, "value")))
                            .count(),
            "copy", (context, list, arguments) -> new ArrayList<>(list),
            "reverse", (context, list, arguments) -> Methods.change(() -> Collections.reverse(list)),
            "sort", (context, list, arguments) -> Methods.change(() -> list.sort(Operators::order)));

    private ListMethods() {}

    private static int find(List<Object> list, Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), value)) {
                return i;
            }
        }
        throw TemplateFailure.of(Values.repr(value) + " is not in the list");
    }

    private static Object pop(List<Object> list, int index) {
        int at = index < 0 ? index + list.size() : index;
        if (at < 0 || at >= list.size()) {
            throw TemplateFailure.of("pop: the list has no item " + index);
        }
        Object popped = list.get(at);
        Methods.change(() -> list.remove(at));
        return popped;
    }
}
