package io.apus.model.tuner.method;

import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.tuner.method.Places.ExpertPlace;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Weights that hold the matrices of all experts of a layer, by the ends of their names: PEFT's target_parameters (peft 0.17,
 * tuners/tuners_utils.py, _inject_parameters).
 */
record ExpertTargets(List<String> names) {
    /** What stands before a layer's own names, e.g. {@code model.layers.3.}. */
    private static final Pattern LAYER = Pattern.compile("^.*?\\.\\d+\\.");
    /** Where PEFT keeps what a wrapper is around. */
    private static final String INSIDE = ".base_layer";

    List<ExpertPlace> among(List<DecoderBlock> blocks) {
        List<ExpertPlace> found = new ArrayList<>();
        SortedSet<String> known = new TreeSet<>();
        for (DecoderBlock block : blocks) {
            if (block.mlp() instanceof MixtureOfExperts mixture) {
                Experts experts = mixture.experts();
                experts.changeSlots().forEach(slot -> known.add(inLayer(slot)));
                found.addAll(places(experts));
            }
        }
        requireAll(known);
        return found;
    }

    /** Several weights of one module are wrapped around each other in the order in which it declares them, the last outside. */
    private List<ExpertPlace> places(Experts experts) {
        Map<String, List<ExpertSlot>> modules = experts.changeSlots().stream()
                .filter(slot -> names.stream().anyMatch(name -> isNamed(slot, name)))
                .collect(Collectors.groupingBy(slot -> ModuleNames.owner(slot.name())));
        return modules.entrySet().stream()
                .flatMap(module -> nested(module.getKey(), module.getValue(), experts.count()).stream())
                .toList();
    }

    private static List<ExpertPlace> nested(String module, List<ExpertSlot> slots, int count) {
        List<ExpertPlace> places = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            places.add(new ExpertPlace(module + INSIDE.repeat(slots.size() - 1 - i), slots.get(i), count));
        }
        return places;
    }

    private static boolean isNamed(ExpertSlot slot, String name) {
        return ModuleNames.isNamed(slot.name(), name);
    }

    private static String inLayer(ExpertSlot slot) {
        return LAYER.matcher(slot.name()).replaceFirst("");
    }

    private void requireAll(Collection<String> known) {
        List<String> faults = names.stream()
                .filter(name -> known.stream().noneMatch(it -> ModuleNames.isNamed(it, name)))
                .map(name -> "\"" + name + "\"" + nearest(name, known))
                .toList();
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach adapter",
                    "target_parameters names no weight of all experts of a layer with " + String.join(", ", faults),
                    known.isEmpty()
                            ? "This model has none: name linears in target_modules."
                            : "Known: " + String.join(", ", known) + ".");
        }
    }

    private static String nearest(String name, Collection<String> known) {
        return known.isEmpty() ? "" : " (nearest: \"" + Registry.nearest(name, known) + "\")";
    }
}
