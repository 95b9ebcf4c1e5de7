package io.apus.bench.measure;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Command-line options of the form {@code --name value}; an empty value is an option that was not given. */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** Reads {@code arguments}; {@code defaults} names every option that there is. */
    public static Options parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : arguments[i];
            if (!defaults.containsKey(name)) {
                throw new UserError(
                        "Cannot run the benchmark",
                        "there is no option " + arguments[i],
                        "Did you mean --" + Registry.nearest(name, defaults.keySet()) + "? Known: "
                                + String.join(", ", defaults.keySet()) + ".");
            }
            if (i + 1 == arguments.length) {
                throw new UserError("Cannot run the benchmark", arguments[i] + " has no value", "Give one behind it.");
            }
            values.put(name, arguments[i + 1]);
        }
        return new Options(values);
    }

    public String text(String name) {
        return values.get(name);
    }

    public Optional<Path> path(String name) {
        return text(name).isEmpty() ? Optional.empty() : Optional.of(Path.of(text(name)));
    }

    /** A whole number above 0. */
    public int count(String name) {
        return count(name, text(name));
    }

    /** Whole numbers above 0 with commas between them. */
    public List<Integer> counts(String name) {
        return names(name).stream().map(value -> count(name, value)).toList();
    }

    /** Words with commas between them. */
    public List<String> names(String name) {
        return Arrays.stream(text(name).split(",")).map(String::strip).toList();
    }

    private static int count(String name, String value) {
        try {
            int count = Integer.parseInt(value);
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, value);
        }
        throw wrong(name, value);
    }

    private static UserError wrong(String name, String value) {
        return new UserError(
                "Cannot run the benchmark", "--" + name + " is \"" + value + "\"", "Give a whole number above 0.");
    }
}
