package io.apus.corpus.jinja;

import java.util.List;
import java.util.Map;

/** The arguments of one call, read by position or by name as Python functions do. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    int count() {
        return positional.size() + named.size();
    }

    boolean has(int position, String name) {
        return position < positional.size() || named.containsKey(name);
    }

    /** The argument, or {@code otherwise} where it was not given. */
    Object get(int position, String name, Object otherwise) {
        if (position >= 0 && position < positional.size()) {
            return positional.get(position);
        }
        return named.containsKey(name) ? named.get(name) : otherwise;
    }

    /** The argument; refuses its absence. */
    Object required(int position, String name) {
        if (!has(position, name)) {
            throw TemplateFailure.of("the argument '" + name + "' is missing");
        }
        return get(position, name, null);
    }

    CharSequence text(int position, String name) {
        return Values.text(required(position, name));
    }

    /** The text, or null where it was not given or is none. */
    String textOrNull(int position, String name) {
        Object value = get(position, name, null);
        return value == null ? null : Values.text(value).toString();
    }

    int integer(int position, String name, int otherwise) {
        Object value = get(position, name, null);
        return value == null ? otherwise : Values.index(value);
    }

    boolean flag(int position, String name, boolean otherwise) {
        return has(position, name) ? Values.isTrue(get(position, name, null)) : otherwise;
    }

    /** The arguments after the first {@code count} positional ones. */
    Arguments after(int count) {
        int from = Math.min(count, positional.size());
        return new Arguments(positional.subList(from, positional.size()), named);
    }
}
