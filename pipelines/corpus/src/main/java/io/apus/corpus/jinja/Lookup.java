package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code owner.name} and {@code owner[key]}: methods and attributes first for the dot, elements first for the bracket. */
final class Lookup {
    private Lookup() {}

    static Object attribute(Object owner, String name) {
        if (owner instanceof Undefined missing) {
            throw missing.failure();
        }
        if (owner instanceof Namespace namespace) {
            return namespace.get(name);
        }
        if (owner instanceof Attributes attributes) {
            return attributes.attribute(name);
        }
        Callable method = Methods.find(owner, name);
        if (method != null) {
            return method;
        }
        if (owner instanceof Map<?, ?> map && map.containsKey(name)) {
            return map.get(name);
        }
        return Undefined.attribute(owner, name);
    }

    static Object item(Object owner, Object key) {
        if (owner instanceof Undefined missing) {
            throw missing.failure();
        }
        if (owner instanceof Map<?, ?> map) {
            Object normal = Values.key(key);
            if (map.containsKey(normal)) {
                return map.get(normal);
            }
        } else if (owner instanceof List<?> list && Numbers.isWhole(key)) {
            int index = position(key, list.size());
            return index < 0 ? Undefined.attribute(owner, key) : list.get(index);
        } else if (owner instanceof CharSequence text && Numbers.isWhole(key)) {
            int index = position(key, CodePoints.length(text));
            return index < 0
                    ? Undefined.attribute(owner, key)
                    : Text.part(text, CodePoints.offset(text, index), CodePoints.offset(text, index + 1));
        }
        return key instanceof CharSequence name ? attribute(owner, name.toString()) : Undefined.attribute(owner, key);
    }

    private static int position(Object key, int size) {
        int index = Values.index(key);
        int fromStart = index < 0 ? index + size : index;
        return fromStart < size ? Math.max(-1, fromStart) : -1;
    }

    /** The value at a dotted path such as {@code function.name} or {@code 0.id}, as filters take in {@code attribute}. */
    static Object path(Object owner, Object path) {
        return path(owner, path, null);
    }

    /** As {@link #path(Object, Object)}, with {@code otherwise} (unless null) in place of any undefined step. */
    static Object path(Object owner, Object path, Object otherwise) {
        Object value = owner;
        for (Object step : steps(path)) {
            value = item(value, step);
            value = value instanceof Undefined && otherwise != null ? otherwise : value;
        }
        return value;
    }

    private static List<Object> steps(Object path) {
        if (!(path instanceof CharSequence text)) {
            return List.of(path);
        }
        List<Object> steps = new ArrayList<>();
        for (String step : text.toString().split("\\.", -1)) {
            boolean isIndex =
                    !step.isEmpty() && step.length() < 10 && step.chars().allMatch(Character::isDigit);
            steps.add(isIndex ? (Object) Long.valueOf(step) : step);
        }
        return steps;
    }
}
