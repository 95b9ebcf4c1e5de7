package io.apus.corpus.filter.rule;

import io.apus.schemas.Registry;
import io.apus.schemas.spec.FilterRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The options of one filter while it is made. A filter declares each option by reading it, with default and description; what it did
 * not read is unknown. Problems are collected, so that all can be reported at once.
 */
public final class FilterOptions {
    /** An option as its filter declares it; {@code byDefault} is empty where there is none. */
    public record Declared(String name, String byDefault, String doc) {}

    private final FilterRule rule;
    private final Map<String, Declared> declared = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    public FilterOptions(FilterRule rule) {
        this.rule = rule;
    }

    /** A whole number, not negative. */
    public int integer(String name, int byDefault, String doc) {
        int value = one(name, byDefault, doc, "a whole number", Integer::valueOf);
        require(value >= 0, name, "must not be negative, is " + value);
        return value;
    }

    public double number(String name, double byDefault, String doc) {
        double value = one(name, byDefault, doc, "a number", Double::valueOf);
        require(Double.isFinite(value), name, "must be finite, is " + value);
        return value;
    }

    /** A number from 0 to 1. */
    public double share(String name, double byDefault, String doc) {
        double value = number(name, byDefault, doc);
        require(value >= 0 && value <= 1, name, "must be from 0 to 1, is " + value);
        return value;
    }

    public boolean flag(String name, boolean byDefault, String doc) {
        return choice(name, Boolean.toString(byDefault), List.of("true", "false"), doc)
                .equals("true");
    }

    /** A text; empty where it is not given. */
    public String text(String name, String doc) {
        return one(name, "", doc, "one value", Function.identity());
    }

    public String choice(String name, String byDefault, List<String> allowed, String doc) {
        String value = one(name, byDefault, doc, "one value", Function.identity());
        requireOneOf(name, value, allowed);
        return value;
    }

    /** Texts; empty where none are given. */
    public List<String> list(String name, String doc) {
        declare(name, "", doc);
        return rule.options().getOrDefault(name, List.of());
    }

    public List<String> choices(String name, List<String> byDefault, List<String> allowed, String doc) {
        declare(name, String.join(", ", byDefault), doc);
        List<String> values = rule.options().getOrDefault(name, byDefault);
        values.forEach(value -> requireOneOf(name, value, allowed));
        return values;
    }

    public boolean has(String name) {
        return rule.options().containsKey(name);
    }

    /** Notes a problem with the option {@code name} unless {@code holds}. */
    public void require(boolean holds, String name, String message) {
        if (!holds) {
            problems.add(key(name) + ": " + message);
        }
    }

    public List<Declared> declared() {
        return List.copyOf(declared.values());
    }

    /** Everything that is wrong, each as "filter.NAME.option: what"; to be asked when the filter has read all its options. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        for (String name : rule.options().keySet()) {
            if (!declared.containsKey(name)) {
                all.add(key(name)
                        + (declared.isEmpty()
                                ? ": this filter has no options"
                                : ": unknown option; did you mean \"" + Registry.nearest(name, declared.keySet())
                                        + "\"?"));
            }
        }
        return all;
    }

    private <T> T one(String name, T byDefault, String doc, String noun, Function<String, T> parse) {
        declare(name, byDefault.toString(), doc);
        List<String> given = rule.options().get(name);
        if (given == null) {
            return byDefault;
        }
        if (given.size() == 1) {
            try {
                return parse.apply(given.get(0));
            } catch (NumberFormatException e) {
                require(false, name, "\"" + given.get(0) + "\" is not " + noun);
                return byDefault;
            }
        }
        require(false, name, "takes " + noun + ", not a list");
        return byDefault;
    }

    private void requireOneOf(String name, String value, List<String> allowed) {
        require(
                allowed.contains(value),
                name,
                "\"" + value + "\" is not one of " + String.join(", ", allowed) + "; did you mean \""
                        + Registry.nearest(value, allowed) + "\"?");
    }

    private void declare(String name, String byDefault, String doc) {
        declared.put(name, new Declared(name, byDefault, doc));
    }

    private String key(String name) {
        return "filter." + rule.name() + "." + name;
    }
}
