package io.apus.schemas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The named choices of one kind (tuners, filters, optimisers ...), in the order in which they were listed.
 *
 * @param <T> what a name stands for, usually a factory
 */
public final class Registry<T> {
    /** One line of a registry. */
    public record Entry<T>(String name, T value) {}

    private final String kind;
    private final Map<String, T> entries = new LinkedHashMap<>();

    private Registry(String kind, List<Entry<T>> entries) {
        this.kind = kind;
        for (Entry<T> entry : entries) {
            if (this.entries.put(entry.name(), entry.value()) != null) {
                throw new IllegalArgumentException(kind + " " + entry.name() + " is registered twice");
            }
        }
    }

    /** Makes a registry; {@code kind} is the noun used in error messages, e.g. "tuner_type". */
    @SafeVarargs
    public static <T> Registry<T> of(String kind, Entry<T>... entries) {
        List<Entry<T>> lines = new ArrayList<>();
        for (Entry<T> entry : entries) {
            lines.add(entry);
        }
        return new Registry<>(kind, lines);
    }

    public static <T> Entry<T> entry(String name, T value) {
        return new Entry<>(name, value);
    }

    public Set<String> names() {
        return entries.keySet();
    }

    /** The value for {@code name}; an unknown name is a {@link UserError} with the nearest and all the known names. */
    public T get(String name) {
        T value = entries.get(name);
        if (value == null) {
            throw new UserError(
                    "Unknown " + kind,
                    "\"" + name + "\" is not known",
                    "Did you mean \"" + nearest(name, names()) + "\"? Known: " + String.join(", ", names()) + ".");
        }
        return value;
    }

    /** The candidate with the smallest edit distance to {@code name}; the first of them on ties. */
    public static String nearest(String name, Iterable<String> candidates) {
        List<String> all = new ArrayList<>();
        candidates.forEach(all::add);
        return all.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElse("");
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
