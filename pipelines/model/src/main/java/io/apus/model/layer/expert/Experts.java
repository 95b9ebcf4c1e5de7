package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.TensorVector;

/** The networks that a router chooses from. */
public interface Experts {
    int count();

    /**
     * Each expert's results for its own tokens.
     *
     * @param rows one [tokens, hiddenSize] for each expert of {@code used}
     * @param used numbers of the experts that have tokens, ascending
     * @return results of the same shapes
     */
    TensorVector forward(TensorVector rows, int[] used, boolean training);

    /** Some of the experts alone, numbered from 0: with these very parameters, or copies of parts of those that lie in one tensor. */
    Experts part(Cut run);

    List<ProjectionSlot> slots();

    /** The matrices of all experts that lie in one parameter each, in the order in which transformers' module declares them. */
    default List<ExpertSlot> changeSlots() {
        return List.of();
    }

    List<Parameter> ownParameters();

    /** Numbers between one expert's linear maps. */
    long width();
}
