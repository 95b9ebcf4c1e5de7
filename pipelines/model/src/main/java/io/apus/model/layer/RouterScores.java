package io.apus.model.layer;

import org.bytedeco.pytorch.Tensor;

/**
 * A router's opinion of a batch, as the load-balancing loss needs it.
 *
 * @param probabilities [tokens, experts], each row summing to 1, with their gradient graph in a training pass
 * @param chosen experts a token is sent to: those with the highest probabilities
 */
public record RouterScores(Tensor probabilities, int chosen) {}
