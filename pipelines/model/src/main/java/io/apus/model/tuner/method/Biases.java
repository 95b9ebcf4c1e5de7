package io.apus.model.tuner.method;

import io.apus.model.layer.Projection;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The bias of a projection, whichever way its weight is stored. */
public final class Biases {
    private Biases() {}

    /** [outFeatures], the tensor itself; adapters inside have none of their own. */
    public static Optional<Tensor> of(Projection projection) {
        return projection.parameters().stream()
                .filter(parameter -> parameter.name().endsWith(".bias"))
                .map(parameter -> parameter.tensor())
                .findFirst();
    }
}
