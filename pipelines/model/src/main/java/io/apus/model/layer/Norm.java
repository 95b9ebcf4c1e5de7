package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Normalisation over the last dimension. */
public interface Norm {
    /** Same shape in and out. */
    Tensor forward(Tensor input);

    List<Parameter> parameters();
}
