package io.apus.model.family;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes down which parameters a family asks for; nothing is allocated. */
public final class DeclaredParts implements Parts {
    /**
     * A parameter's shape and first values.
     *
     * @param transposed whether files hold it with its two dimensions exchanged
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Declared(long[] shape, Start start, boolean transposed) {
        /** The shape in files. */
        public long[] storedShape() {
            return transposed ? new long[] {shape[1], shape[0]} : shape.clone();
        }
    }

    private final SortedMap<String, Declared> declared = new TreeMap<>();

    @Override
    public Parameter parameter(String name, Start start, long... shape) {
        declared.put(name, new Declared(shape.clone(), start, false));
        return Parameter.declared(name, shape);
    }

    @Override
    public Projection linear(String name, long out, long in, boolean bias) {
        return new Linear(
                parameter(name + ".weight", Start.NORMAL, out, in),
                bias ? parameter(name + ".bias", Start.ZEROS, out) : null);
    }

    @Override
    public Projection linearStoredTransposed(String name, long out, long in, boolean bias) {
        Projection linear = linear(name, out, in, bias);
        declared.put(name + ".weight", new Declared(new long[] {out, in}, Start.NORMAL, true));
        return linear;
    }

    /** Everything asked for, by name. */
    public SortedMap<String, Declared> all() {
        return Collections.unmodifiableSortedMap(declared);
    }
}
