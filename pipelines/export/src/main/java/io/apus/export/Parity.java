package io.apus.export;

/**
 * How far an exported model's next-token distributions are from the trained model's, over all positions of the probes.
 *
 * @param maxLogitDifference largest absolute difference of a logit
 * @param meanKl mean KL divergence KL(trained || exported), nats
 * @param sameTop share of positions with the same most likely next token
 * @param tolerance largest {@code meanKl} that the format explains
 * @param positions positions compared
 */
public record Parity(double maxLogitDifference, double meanKl, double sameTop, double tolerance, long positions) {
    /** Whether the export may be committed; NaN never may. */
    public boolean holds() {
        return meanKl <= tolerance;
    }
}
