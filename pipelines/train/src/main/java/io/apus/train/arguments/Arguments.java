package io.apus.train.arguments;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** The values of an option that maps names to values, such as lr_scheduler_kwargs; each reader of it asks for the names that it knows. */
public final class Arguments {
    private final String option;
    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();

    public Arguments(String option, Map<String, String> values) {
        this.option = option;
        this.values = values;
    }

    public double number(String name, double byDefault) {
        return number(name).orElse(byDefault);
    }

    public OptionalDouble number(String name) {
        return find(name).map(text -> OptionalDouble.of(parsed(name, text))).orElseGet(OptionalDouble::empty);
    }

    public int whole(String name, int byDefault) {
        double value = number(name, byDefault);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw wrong(name, "is no whole number");
        }
        return (int) value;
    }

    public boolean truth(String name, boolean byDefault) {
        String text = oneOf(name, Boolean.toString(byDefault), List.of("true", "false", "True", "False"));
        return Boolean.parseBoolean(text);
    }

    public String oneOf(String name, String byDefault, List<String> allowed) {
        String value = find(name).orElse(byDefault);
        if (!allowed.contains(value)) {
            throw wrong(name, "is none of " + String.join(", ", allowed));
        }
        return value;
    }

    private Optional<String> find(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    private double parsed(String name, String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new UserError("Cannot use " + option + " " + values, name + " is no number", "", e);
        }
        throw wrong(name, "is no finite number");
    }

    /** A number that must be there. */
    public double required(String name) {
        return number(name).orElseThrow(() -> fault(name + " is missing"));
    }

    public UserError wrong(String name, String fault) {
        return fault(name + " " + values.get(name) + " " + fault);
    }

    public UserError fault(String cause) {
        return new UserError("Cannot use " + option + " " + values, cause, "");
    }

    /** Throws where a value was given that nothing has asked for; {@code user} is what the option was given to. */
    public void requireAllKnown(String user) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            String hint = known.isEmpty()
                    ? "It takes none."
                    : "Did you mean \"" + Registry.nearest(unknown.iterator().next(), known) + "\"? Known: "
                            + String.join(", ", known) + ".";
            throw new UserError("Cannot use " + option, user + " knows no " + String.join(", ", unknown), hint);
        }
    }
}
