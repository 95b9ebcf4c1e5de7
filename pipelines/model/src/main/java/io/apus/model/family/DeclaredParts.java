package io.apus.model.family;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes down which parameters a family asks for; nothing is allocated. */
public final class DeclaredParts implements Parts {
    /** A parameter's shape and first values. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Declared(long[] shape, Start start) {}

    private final SortedMap<String, Declared> declared = new TreeMap<>();

    @Override
    public Parameter parameter(String name, Start start, long... shape) {
        declared.put(name, new Declared(shape.clone(), start));
        return Parameter.declared(name, shape);
    }

    @Override
    public Projection linear(String name, long out, long in, boolean bias) {
        return new Linear(
                parameter(name + ".weight", Start.NORMAL, out, in),
                bias ? parameter(name + ".bias", Start.ZEROS, out) : null);
    }

    /** Everything asked for, by name. */
    public SortedMap<String, Declared> all() {
        return Collections.unmodifiableSortedMap(declared);
    }
}
