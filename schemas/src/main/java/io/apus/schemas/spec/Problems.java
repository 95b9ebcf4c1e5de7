package io.apus.schemas.spec;

import io.apus.schemas.Registry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what is wrong with one section, so that its constructor can report everything at once. */
final class Problems {
    private final String section;
    private final List<String> found = new ArrayList<>();

    Problems(String section) {
        this.section = section;
    }

    /** Notes a problem with {@code option} unless {@code holds}. */
    Problems require(boolean holds, String option, String message) {
        if (!holds) {
            found.add(section + "." + option + ": " + message);
        }
        return this;
    }

    Problems positive(String option, Number value) {
        return require(value.doubleValue() > 0, option, "must be above 0, is " + value);
    }

    Problems notNegative(String option, Number value) {
        return require(value.doubleValue() >= 0, option, "must not be negative, is " + value);
    }

    /** A part of a whole that leaves something: at least 0 and below 1. */
    Problems share(String option, double value) {
        return require(value >= 0 && value < 1, option, "must be at least 0 and below 1, is " + value);
    }

    Problems oneOf(String option, String value, List<String> allowed) {
        return require(
                allowed.contains(value),
                option,
                "\"" + value + "\" is not one of " + String.join(", ", allowed) + "; did you mean \""
                        + Registry.nearest(value, allowed) + "\"?");
    }

    Problems positiveIfGiven(String option, Number value) {
        return value == null ? this : positive(option, value);
    }

    Problems oneOfIfGiven(String option, String value, List<String> allowed) {
        return value == null ? this : oneOf(option, value, allowed);
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidSpec(found);
        }
    }

    static <T> T orElse(T value, T byDefault) {
        return value == null ? byDefault : value;
    }

    static SortedMap<String, String> orEmpty(Map<String, String> values) {
        return Collections.unmodifiableSortedMap(values == null ? new TreeMap<>() : new TreeMap<>(values));
    }

    static <T> List<T> orEmpty(List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }
}
