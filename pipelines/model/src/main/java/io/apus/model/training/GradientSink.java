package io.apus.model.training;

import io.apus.model.layer.Parameter;
import java.util.List;

/** Hears of gradients as soon as nothing will be added to them in this backward pass, so that reducing them can start at once. */
public interface GradientSink {
    /**
     * The head and final norm come first, then the layers from the last to the first, then the embedding (with a tied head). Only
     * trainable parameters, each exactly once; never an empty list.
     */
    void ready(List<Parameter> complete);

    /** Ignores everything. */
    static GradientSink none() {
        return complete -> {};
    }
}
