package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a template value is and how Python would treat it. Values are null (none), {@link Undefined}, Boolean, Long, Double, strings
 * ({@link CharSequence}), List, Map, {@link Namespace}, {@link Callable} and {@link Attributes}; nothing else ever gets in.
 */
final class Values {
    private Values() {}

    /** Copies a Java value into unmodifiable template values; refuses foreign types. */
    static Object of(Object value) {
        if (value == null || value instanceof Boolean || value instanceof CharSequence || value instanceof Callable) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(key(of(k)), of(v)));
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(of(item)));
            return Collections.unmodifiableList(copy);
        }
        throw new IllegalArgumentException(
                "not a template value: " + value.getClass().getName());
    }

    private static Object number(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        return number instanceof java.math.BigInteger big
                ? (Object) big.longValueExact()
                : (Object) number.doubleValue();
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof CharSequence text) {
            return text.length() > 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        return value instanceof Map<?, ?> map ? !map.isEmpty() : value != null && !(value instanceof Undefined);
    }

    /** Python's {@code ==}: numbers and booleans by value, strings by characters, containers by their elements. */
    static boolean equal(Object a, Object b) {
        if (a == b) {
            return true;
        }
        if (a instanceof CharSequence x && b instanceof CharSequence y) {
            return x.toString().contentEquals(y);
        }
        if (isNumber(a) && isNumber(b)) {
            return Numbers.compare(a, b) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return (x instanceof Tuple) == (y instanceof Tuple) && equalItems(x, y);
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(e -> y.containsKey(e.getKey()) && equal(e.getValue(), y.get(e.getKey())));
        }
        return a instanceof Undefined && b instanceof Undefined;
    }

    private static boolean equalItems(List<?> x, List<?> y) {
        boolean equal = x.size() == y.size();
        for (int i = 0; equal && i < x.size(); i++) {
            equal = equal(x.get(i), y.get(i));
        }
        return equal;
    }

    /** Booleans count as numbers, as in Python. */
    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** The key under which a map keeps this value; refuses what Python cannot hash. */
    static Object key(Object value) {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return number.longValue();
        }
        if (value instanceof Map || (value instanceof List && !(value instanceof Tuple))) {
            throw TemplateFailure.of("a " + typeName(value) + " cannot be a key");
        }
        return value;
    }

    /** The elements of what a {@code for} loop or a filter walks over. */
    static List<?> items(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof CharSequence text) {
            return characters(text);
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw TemplateFailure.of("a " + typeName(value) + " is not iterable");
    }

    private static List<Object> characters(CharSequence text) {
        List<Object> characters = new ArrayList<>();
        String value = text.toString();
        for (int i = 0; i < value.length(); ) {
            int next = i + Character.charCount(value.codePointAt(i));
            characters.add(Text.part(text, i, next));
            i = next;
        }
        return characters;
    }

    /** The value as the string that {@code {{ }}} prints. */
    static CharSequence text(Object value) {
        return value instanceof CharSequence text ? text : PythonText.str(value);
    }

    static String repr(Object value) {
        return PythonText.repr(value).toString();
    }

    /** An integer that indexes or counts; refuses other values and sizes beyond an int. */
    static int index(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof Long number) {
            return (int) Math.max(Integer.MIN_VALUE / 2, Math.min(Integer.MAX_VALUE / 2, number));
        }
        throw value instanceof Undefined missing
                ? missing.failure()
                : TemplateFailure.of("a whole number is needed, found a " + typeName(value));
    }

    static String typeName(Object value) {
        if (value == null) {
            return "none";
        }
        if (value instanceof CharSequence) {
            return "string";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof Number) {
            return value instanceof Long ? "integer" : "float";
        }
        if (value instanceof List) {
            return value instanceof Tuple ? "tuple" : "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        return value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
