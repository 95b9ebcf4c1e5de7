package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A change of the states between two layers. */
public interface StateTransform {
    /** [tokens, hiddenSize] in and out. */
    Tensor apply(Tensor states);

    List<Parameter> parameters();
}
