package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TargetSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linears an adapter changes. The output head is none of them: it is trained in full through modules_to_save.
 *
 * @param modules suffixes of module names, or {@code all-linear} alone
 * @param regex a pattern over whole module names that takes the place of {@code modules}, or null
 */
public record Targets(List<String> modules, String regex) {
    static final String ALL_LINEAR = "all-linear";

    public static Targets of(TargetSpec spec) {
        return new Targets(spec.targetModules(), spec.targetRegex());
    }

    /** Refuses options of {@link TargetSpec} for a tuner that changes no linears of choice. */
    public static void requireNone(TunerSpec spec) {
        TargetSpec targets = spec.targets();
        if (targets.targetRegex() != null
                || !targets.targetModules().equals(List.of(ALL_LINEAR))
                || !targets.modulesToSave().isEmpty()) {
            throw new UserError(
                    "Cannot attach " + spec.tunerType(),
                    "it has no use for target_modules, target_regex and modules_to_save",
                    "Leave them out.");
        }
    }

    /** The targets in the order of their names. */
    public List<ProjectionSlot> of(DecoderModel model) {
        return among(model.projections().values());
    }

    /** The targets among {@code slots}, which are all linears of a model. */
    List<ProjectionSlot> among(Collection<ProjectionSlot> slots) {
        if (regex != null) {
            return matching(slots, regex);
        }
        return modules.equals(List.of(ALL_LINEAR)) ? List.copyOf(slots) : suffixed(slots, modules);
    }

    private static boolean isNamed(String module, String suffix) {
        return module.equals(suffix) || module.endsWith("." + suffix);
    }

    /** The last part of a module's name, e.g. {@code q_proj}. */
    public static String suffix(ProjectionSlot slot) {
        return suffix(slot.name());
    }

    private static String suffix(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    private static List<ProjectionSlot> matching(Collection<ProjectionSlot> slots, String regex) {
        try {
            Pattern pattern = Pattern.compile(regex);
            List<ProjectionSlot> found = slots.stream()
                    .filter(slot -> pattern.matcher(slot.name()).matches())
                    .toList();
            if (found.isEmpty()) {
                String example = slots.iterator().next().name();
                throw new UserError(
                        "Cannot attach adapter",
                        "target_regex \"" + regex + "\" matches no linear",
                        "It must match a whole name such as " + example + ".");
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    "Cannot attach adapter", "target_regex is no pattern (" + e.getDescription() + ")", "", e);
        }
    }

    private static List<ProjectionSlot> suffixed(Collection<ProjectionSlot> slots, List<String> suffixes) {
        SortedSet<String> known = new TreeSet<>();
        slots.forEach(slot -> known.add(suffix(slot)));
        Set<ProjectionSlot> found = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>();
        for (String suffix : suffixes) {
            List<ProjectionSlot> hits =
                    slots.stream().filter(slot -> isNamed(slot.name(), suffix)).toList();
            found.addAll(hits);
            if (hits.isEmpty()) {
                faults.add("\"" + suffix + "\" (nearest: \"" + Registry.nearest(suffix, known) + "\")");
            }
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach adapter",
                    "target_modules names no linear of this model with " + String.join(", ", faults),
                    "Known: " + String.join(", ", known) + ", " + ALL_LINEAR + ".");
        }
        return List.copyOf(found);
    }
}
