package io.apus.jobs.eval.infer;

import io.apus.jobs.launch.command.NamedAdapters;
import io.apus.schemas.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which adapters are to act: {@code base} for none, a name for one, {@code NAME=WEIGHT} for each of a mix.
 *
 * @param weights by name, as asked for; empty for none
 * @param mixed whether weights were given
 */
record AdapterChoice(Map<String, Double> weights, boolean mixed) {
    private static final String PROBLEM = "Cannot switch adapters";
    private static final String CURE = "Give one name, " + NamedAdapters.BASE + ", or NAME=WEIGHT for each of a mix.";

    static AdapterChoice of(List<String> words) {
        Map<String, Double> weights = new LinkedHashMap<>();
        boolean mixed = words.stream().anyMatch(word -> word.indexOf('=') >= 0);
        for (String word : words) {
            int equals = word.indexOf('=');
            if (mixed ? equals < 1 : words.size() > 1) {
                throw new UserError(PROBLEM, "\"" + word + "\" has no weight", CURE);
            }
            String name = mixed ? word.substring(0, equals) : word;
            if (weights.put(name, mixed ? weight(word.substring(equals + 1)) : 1) != null) {
                throw new UserError(PROBLEM, "\"" + name + "\" stands there twice", CURE);
            }
        }
        if (words.isEmpty()) {
            throw new UserError(PROBLEM, "no adapter was named", CURE);
        }
        return words.equals(List.of(NamedAdapters.BASE))
                ? new AdapterChoice(Map.of(), false)
                : new AdapterChoice(weights, mixed);
    }

    private static double weight(String text) {
        try {
            double weight = Double.parseDouble(text);
            if (Double.isFinite(weight)) {
                return weight;
            }
        } catch (NumberFormatException e) {
            throw new UserError(PROBLEM, "\"" + text + "\" is no weight", CURE, e);
        }
        throw new UserError(PROBLEM, "\"" + text + "\" is no weight", CURE);
    }
}
