package io.apus.model.head;

import org.bytedeco.pytorch.Tensor;

/** A loss on the outputs of a head. */
public interface RowObjective {
    /**
     * What a batch adds to the loss.
     *
     * @param sum of the terms, a scalar with a graph to the outputs
     * @param terms how many there are; the loss is sum / terms over all batches of a step
     * @param correct decisions that are right
     * @param decisions how many are made; 0 where outputs are no decisions
     */
    record Loss(Tensor sum, double terms, long correct, long decisions) {}

    /**
     * The loss of one batch.
     *
     * @param outputs [rows, width], which gradients are asked of
     */
    Loss of(Tensor outputs);
}
