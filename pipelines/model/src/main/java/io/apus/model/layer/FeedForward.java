package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The part of a block that works on each token alone. */
public interface FeedForward {
    /** [tokens, hiddenSize] in and out. */
    Tensor forward(Tensor states, PassContext pass);

    /** The linear maps, in the order of their use. */
    List<ProjectionSlot> slots();

    /** Parameters outside the linear maps. */
    default List<Parameter> ownParameters() {
        return List.of();
    }
}
