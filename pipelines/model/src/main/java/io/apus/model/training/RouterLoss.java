package io.apus.model.training;

/**
 * How strongly training balances the load of experts: each pass adds coefficient * share * load-balancing loss to what is minimised, where
 * its share is that of its supervised tokens (by weight) in the optimiser's step. The shares of a step add up to one, so that the term
 * does not grow with the number of passes or ranks; transformers and ms-swift weigh it likewise.
 *
 * @param coefficient 0 for none
 * @param scale 1 over the sum of the token weights of everything that one optimiser step averages over
 */
public record RouterLoss(double coefficient, double scale) {
    public static final RouterLoss NONE = new RouterLoss(0, 0);

    /** Whether it changes anything. */
    public boolean wanted() {
        return coefficient != 0;
    }

    /** @param tokens the weights of a pass's supervised tokens, added up */
    double weight(double tokens) {
        return coefficient * scale * tokens;
    }
}
