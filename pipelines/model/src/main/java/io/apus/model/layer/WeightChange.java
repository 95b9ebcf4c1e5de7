package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** What a tuner puts beside a weight that is no linear's. */
public interface WeightChange {
    /** Its own parameters. */
    List<Parameter> parameters();

    /** Adds the change to {@code weight}, in place and outside any graph. */
    void addTo(Tensor weight);
}
