package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The part of a block that works on each token alone. */
public interface FeedForward {
    /** [tokens, hiddenSize] in and out. */
    Tensor forward(Tensor states, PassContext pass);

    /** The linear maps, in the order of their use. */
    List<ProjectionSlot> slots();

    /** The places beside weights that are no linear's. */
    default List<? extends ChangeSlot<?>> changeSlots() {
        return List.of();
    }

    /** Parameters outside the linear maps. */
    default List<Parameter> ownParameters() {
        return List.of();
    }

    /** The parameters that a token is sent to some of, for whoever counts operations. */
    default Sparse sparse() {
        return Sparse.NONE;
    }

    /** Numbers between the linear maps that a token's state becomes. */
    default long width() {
        List<ProjectionSlot> all = slots();
        return all.get(all.size() - 1).get().inFeatures();
    }

    /**
     * Parameters that a token is sent to some of.
     *
     * @param share of the numbers in {@code parameters} that a token meets
     */
    record Sparse(List<Parameter> parameters, double share) {
        static final Sparse NONE = new Sparse(List.of(), 1);
    }
}
