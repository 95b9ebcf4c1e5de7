package io.apus.model.tuner.method;

import org.bytedeco.pytorch.Tensor;

/** Those that have the rest of a model whose layers or experts are divided, for tuners that judge all of them together. */
public interface OtherRanks {
    /** Replaces each of {@code numbers}, of which all have as many, by the largest that any of them has in its place. */
    void largest(Tensor numbers);

    /** The whole model is here. */
    static OtherRanks none() {
        return numbers -> {};
    }
}
