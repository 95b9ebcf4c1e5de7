package io.apus.model.tuner.full;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.FreezeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Picks the parameters that full tuning trains, as ms-swift does (swift/utils/transformers_utils.py): first the ratio freezes, then the
 * names, then the pattern; what trainable_parameters and its pattern name learns in the end.
 */
final class Freezing {
    private final FreezeSpec spec;
    private final Map<String, Long> counts;
    private final Set<String> trained;
    private final List<String> faults = new ArrayList<>();

    private Freezing(FreezeSpec spec, Map<String, Long> counts) {
        this.spec = spec;
        this.counts = counts;
        this.trained = new TreeSet<>(counts.keySet());
    }

    /**
     * The names of the parameters that learn.
     *
     * @param counts how many numbers each parameter has, by name
     * @throws UserError when an option names no parameter, or nothing would learn
     */
    static Set<String> trained(FreezeSpec spec, Map<String, Long> counts) {
        Freezing freezing = new Freezing(spec, counts);
        freezing.apply();
        return freezing.trained;
    }

    private void apply() {
        trained.removeAll(lowest());
        spec.freezeParameters().forEach(begin -> trained.removeAll(named("freeze_parameters", begin)));
        if (spec.freezeParametersRegex() != null) {
            trained.removeAll(matching("freeze_parameters_regex", spec.freezeParametersRegex()));
        }
        spec.trainableParameters().forEach(begin -> trained.addAll(named("trainable_parameters", begin)));
        if (spec.trainableParametersRegex() != null) {
            trained.addAll(matching("trainable_parameters_regex", spec.trainableParametersRegex()));
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot choose what to train", String.join("; ", faults), "Names look like " + example() + ".");
        }
        if (trained.isEmpty()) {
            throw new UserError(
                    "Cannot train",
                    "the freeze_ options leave no parameter to train",
                    "Freeze less, or name what to train in trainable_parameters.");
        }
    }

    /** The first parameters from the bottom that together have at most the share of all numbers. */
    private List<String> lowest() {
        long wanted =
                (long) (counts.values().stream().mapToLong(Long::longValue).sum() * spec.freezeParametersRatio());
        TreeMap<String, Long> ordered = new TreeMap<>(new ModuleOrder());
        ordered.putAll(counts);
        List<String> lowest = new ArrayList<>();
        long sum = 0;
        for (Map.Entry<String, Long> parameter : ordered.entrySet()) {
            sum += parameter.getValue();
            if (sum > wanted || spec.freezeParametersRatio() == 0) {
                break;
            }
            lowest.add(parameter.getKey());
        }
        return lowest;
    }

    private List<String> named(String option, String begin) {
        List<String> found = find(name -> name.startsWith(begin));
        if (found.isEmpty()) {
            faults.add(option + " " + begin + " begins no name (nearest: " + Registry.nearest(begin, counts.keySet())
                    + ")");
        }
        return found;
    }

    private List<String> matching(String option, String regex) {
        List<String> found = find(Pattern.compile(regex).asPredicate());
        if (found.isEmpty()) {
            faults.add(option + " " + regex + " is found in no name");
        }
        return found;
    }

    private List<String> find(Predicate<String> wanted) {
        return counts.keySet().stream().filter(wanted).toList();
    }

    private String example() {
        return String.join(" or ", counts.keySet().stream().limit(2).toList());
    }
}
