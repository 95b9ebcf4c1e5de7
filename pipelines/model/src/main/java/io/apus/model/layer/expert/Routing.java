package io.apus.model.layer.expert;

import org.bytedeco.pytorch.Tensor;

/** How a router's logits become a choice of experts. */
public interface Routing {
    /** For each token its experts, [tokens, chosen] int64, and what their results are multiplied by, [tokens, chosen]. */
    record Choice(Tensor experts, Tensor weights) {}

    /**
     * Chooses for each token.
     *
     * @param logits [tokens, experts]
     */
    Choice choose(Tensor logits);

    /** [tokens, experts], each row summing to 1. */
    Tensor probabilities(Tensor logits);

    /** Experts of one token. */
    int chosen();
}
