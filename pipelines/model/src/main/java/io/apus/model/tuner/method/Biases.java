package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The biases of a model, which PEFT's {@code bias: all} trains in place, by their names in PEFT's files. */
public final class Biases {
    private static final String BIAS = ".bias";

    private Biases() {}

    public static SortedMap<String, Parameter> of(DecoderModel model, List<ProjectionSlot> targets) {
        Set<String> wrapped = targets.stream().map(ProjectionSlot::name).collect(Collectors.toSet());
        SortedMap<String, Parameter> biases = new TreeMap<>();
        model.parameters().forEach((name, parameter) -> {
            if (name.endsWith(BIAS)) {
                String module = name.substring(0, name.length() - BIAS.length());
                // PEFT keeps a wrapped linear under this name inside its wrapper.
                String inside = wrapped.contains(module) ? ".base_layer" : "";
                biases.put(PeftFiles.PREFIX + module + inside + BIAS, parameter);
            }
        });
        return biases;
    }
}
