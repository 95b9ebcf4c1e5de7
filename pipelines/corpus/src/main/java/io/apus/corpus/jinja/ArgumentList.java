package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call as written: {@code (a, *rest, name=value, **more)}; the last two are null where absent. */
record ArgumentList(List<Expression> positional, Map<String, Expression> named, Expression rest, Expression more) {
    static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of(), null, null);

    static ArgumentList of(Expression only) {
        return new ArgumentList(List.of(only), Map.of(), null, null);
    }

    Arguments values(Context context) {
        if (positional.isEmpty() && named.isEmpty() && rest == null && more == null) {
            return Arguments.NONE;
        }
        List<Object> values = new ArrayList<>(positional.size());
        positional.forEach(expression -> values.add(expression.value(context)));
        if (rest != null) {
            values.addAll(Values.items(rest.value(context)));
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        named.forEach((name, expression) -> byName.put(name, expression.value(context)));
        if (more != null && more.value(context) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> byName.put(String.valueOf(name), value));
        }
        return new Arguments(values, byName);
    }
}
