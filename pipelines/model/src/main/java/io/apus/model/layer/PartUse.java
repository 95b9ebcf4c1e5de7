package io.apus.model.layer;

/**
 * Told which part of a model is about to be computed: for whoever keeps a part's weights elsewhere, or makes room for its gradients.
 *
 * <p>Part 0 is the embedding and what stands in front of the tokens, parts 1 to n are the n blocks, part n + 1 is the final norm and the head. A part is
 * in use until the next one is; the last one until the weights change.
 */
public interface PartUse {
    /** {@code backward}: gradients are about to be added to; of the last part, forward and back, this is said once in a training step. */
    void next(int part, boolean backward);

    /** Does not mind. */
    static PartUse none() {
        return (part, backward) -> {};
    }
}
