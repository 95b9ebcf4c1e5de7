package io.apus.eval.report;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A manifest's facts as lines: nested maps become "outer.inner". */
final class Facts {
    private Facts() {}

    static SortedMap<String, String> flat(Map<String, Object> facts) {
        SortedMap<String, String> lines = new TreeMap<>();
        facts.forEach((name, value) -> add(lines, name, value));
        return lines;
    }

    private static void add(SortedMap<String, String> lines, String name, Object value) {
        if (value instanceof Map<?, ?> nested) {
            nested.forEach((key, inner) -> add(lines, name + "." + key, inner));
        } else if (value instanceof Collection<?> list && list.stream().allMatch(Map.class::isInstance)) {
            int index = 0;
            for (Object inner : list) {
                add(lines, name + "." + index++, inner);
            }
        } else {
            lines.put(name, text(value));
        }
    }

    private static String text(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return Numbers.whole(((Number) value).longValue());
        }
        return value instanceof Number number ? Numbers.decimal(number.doubleValue()) : String.valueOf(value);
    }
}
