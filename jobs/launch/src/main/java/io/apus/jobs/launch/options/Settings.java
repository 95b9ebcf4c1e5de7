package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was asked for, option by option, wherever it was written, and everything that was wrong with the writing. */
final class Settings {
    private final Map<Option, JsonNode> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    void put(Option option, JsonNode value) {
        values.put(option, value);
    }

    boolean has(Option option) {
        return values.containsKey(option);
    }

    /** The value, or null when the option was not given. */
    JsonNode get(Option option) {
        return values.get(option);
    }

    void problem(String line) {
        problems.add(line);
    }

    List<String> problems() {
        return problems;
    }

    /** Lays {@code other} over this: what it says wins. */
    void override(Settings other) {
        values.putAll(other.values);
        problems.addAll(other.problems);
    }
}
