package io.apus.model.training;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.TokenPart;
import io.apus.schemas.UserError;
import org.bytedeco.pytorch.Tensor;

/** The top of a training step: a loss on the final hidden states of one micro-batch. */
public interface HeadLoss {
    /**
     * What a loss leaves behind.
     *
     * @param hiddenGradient d(scaled loss)/d(hidden), [tokens, hiddenSize], in the caller's scope
     */
    record Result(Tensor hiddenGradient, LossStatistics statistics) {}

    /**
     * Computes the loss and its gradient, and adds the gradient of the head's weight to it where that is trainable.
     *
     * @param hidden [tokens, hiddenSize] after the final norm, outside any gradient graph
     */
    Result apply(Tensor hidden, OutputHead head);

    /**
     * The part of this loss that some tokens of the batch carry, whose hidden states are then given alone.
     *
     * @throws UserError where the loss is one of whole samples
     */
    default HeadLoss of(TokenPart tokens) {
        throw new UserError(
                "Cannot share the tokens of a row",
                "this objective needs a sample's tokens together",
                "Leave sequence_parallel_size (parallel cp) at 1.");
    }
}
