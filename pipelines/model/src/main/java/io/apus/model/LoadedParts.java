package io.apus.model;

import io.apus.model.family.Parts;
import io.apus.model.family.Start;
import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.PlainBank;
import java.util.Map;

/**
 * Parts around parameters that have been read or made, or can be.
 *
 * @param quantised the linears whose weights are quantised, by name; their biases are theirs already
 * @param banks the matrices of experts that are no parameters, by their tensors' names
 * @param source what parameters are read from that are not read yet
 */
record LoadedParts(
        Map<String, Parameter> parameters,
        Map<String, Projection> quantised,
        Map<String, ExpertBank> banks,
        Source source)
        implements Parts {
    /** Open files, or nothing. */
    interface Source extends AutoCloseable {
        @Override
        void close();
    }

    /** Parts that need no file. */
    LoadedParts(Map<String, Parameter> parameters, Map<String, Projection> quantised, Map<String, ExpertBank> banks) {
        this(parameters, quantised, banks, () -> {});
    }

    /** Parts that are parameters alone and need no file. */
    LoadedParts(Map<String, Parameter> parameters) {
        this(parameters, Map.of(), Map.of());
    }

    /** The same with everything read. */
    LoadedParts read() {
        try (source) {
            parameters.values().forEach(Parameter::tensor);
            return new LoadedParts(parameters, quantised, banks);
        }
    }

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

    @Override
    public ExpertBank experts(String name, ExpertLayout layout, int count) {
        ExpertBank known = banks.get(name);
        return known != null ? known : new PlainBank(parameters.get(name), layout);
    }
}
