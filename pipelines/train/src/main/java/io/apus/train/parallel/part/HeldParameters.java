package io.apus.train.parallel.part;

import io.apus.model.layer.Parameter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a rank holds of each parameter of a model. What nothing is said of, all ranks hold alike. */
public final class HeldParameters {
    private final List<Integer> slices;
    private final Map<String, HeldParameter> parts = new TreeMap<>();

    /** @param slices all ranks of a tensor group */
    public HeldParameters(List<Integer> slices) {
        this.slices = List.copyOf(slices);
    }

    public void add(HeldParameter part) {
        parts.put(part.parameter().name(), part);
    }

    public HeldParameter of(Parameter parameter) {
        HeldParameter known = parts.get(parameter.name());
        return known == null ? HeldParameter.whole(parameter, slices) : known;
    }
}
