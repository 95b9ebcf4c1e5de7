package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the linears that get an update. The output head is none of them: it is trained in full through modules_to_save. */
final class LoraTargets {
    static final String ALL_LINEAR = "all-linear";

    private LoraTargets() {}

    static List<ProjectionSlot> of(DecoderModel model, LoraSettings settings) {
        Collection<ProjectionSlot> slots = model.projections().values();
        if (settings.targetRegex() != null) {
            return matching(slots, settings.targetRegex());
        }
        if (settings.targetModules().equals(List.of(ALL_LINEAR))) {
            return List.copyOf(slots);
        }
        return suffixed(slots, settings.targetModules());
    }

    /** The last part of a module's name, e.g. {@code q_proj}. */
    static String suffix(ProjectionSlot slot) {
        return slot.name().substring(slot.name().lastIndexOf('.') + 1);
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
                        "Cannot attach LoRA",
                        "target_regex \"" + regex + "\" matches no linear",
                        "It must match a whole name such as " + example + ".");
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new UserError("Cannot attach LoRA", "target_regex is no pattern (" + e.getDescription() + ")", "", e);
        }
    }

    private static List<ProjectionSlot> suffixed(Collection<ProjectionSlot> slots, List<String> suffixes) {
        SortedSet<String> known = new TreeSet<>();
        slots.forEach(slot -> known.add(suffix(slot)));
        Set<ProjectionSlot> found = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>();
        for (String suffix : suffixes) {
            List<ProjectionSlot> hits = slots.stream()
                    .filter(slot -> slot.name().equals(suffix) || slot.name().endsWith("." + suffix))
                    .toList();
            found.addAll(hits);
            if (hits.isEmpty()) {
                faults.add("\"" + suffix + "\" (nearest: \"" + Registry.nearest(suffix, known) + "\")");
            }
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach LoRA",
                    "target_modules names no linear of this model with " + String.join(", ", faults),
                    "Known: " + String.join(", ", known) + ", " + ALL_LINEAR + ".");
        }
        return List.copyOf(found);
    }
}
