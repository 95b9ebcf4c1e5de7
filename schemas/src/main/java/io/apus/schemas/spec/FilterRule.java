package io.apus.schemas.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One entry of {@code filter.filters}: a filter's name and what it is told.
 *
 * @param name name of the filter, e.g. {@code length}
 * @param options its options as written, by snake_case name; a single value is a list of one
 */
public record FilterRule(String name, Map<String, List<String>> options) {
    public FilterRule {
        Map<String, List<String>> copy = new TreeMap<>();
        options.forEach((option, values) -> copy.put(option, List.copyOf(values)));
        options = copy;
    }

    /** A filter with all its defaults. */
    public static FilterRule named(String name) {
        return new FilterRule(name, Map.of());
    }

    /** This rule with an option more. */
    public FilterRule with(String option, String... values) {
        Map<String, List<String>> more = new TreeMap<>(options);
        more.put(option, List.of(values));
        return new FilterRule(name, more);
    }

    /** As it is written in a run file: {@code empty}, or {@code {length: {max_characters: 100}}}. */
    @Override
    public String toString() {
        List<String> given = new ArrayList<>();
        options.forEach((option, values) ->
                given.add(option + ": " + (values.size() == 1 ? values.get(0) : values.toString())));
        return given.isEmpty() ? name : "{" + name + ": {" + String.join(", ", given) + "}}";
    }
}
