package io.apus.model;

import io.apus.model.family.Parts;
import io.apus.model.family.Start;
import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.Map;

/**
 * Parts around parameters that have been read or made.
 *
 * @param quantised the linears whose weights are quantised, by name; their biases are theirs already
 */
record LoadedParts(Map<String, Parameter> parameters, Map<String, Projection> quantised) implements Parts {
    @Override
    public Parameter parameter(String name, Start start, long... shape) {
        return parameters.get(name);
    }

    @Override
    public Projection linear(String name, long out, long in, boolean bias) {
        Projection known = quantised.get(name);
        return known != null
                ? known
                : new Linear(parameters.get(name + ".weight"), bias ? parameters.get(name + ".bias") : null);
    }
}
