package io.apus.model.training;

/**
 * Sums over the supervised tokens of a batch; sums of several batches add up with {@link #plus}.
 *
 * @param lossSum weight times negative log-likelihood, in nats
 * @param weightSum the weights
 * @param correct targets to which no other token was preferred
 * @param targets targets with a weight other than 0
 * @param routerSum the load-balancing loss of experts, each pass's times its weights
 */
public record LossStatistics(double lossSum, double weightSum, long correct, long targets, double routerSum) {
    public static final LossStatistics ZERO = new LossStatistics(0, 0, 0, 0);

    /** Without experts. */
    public LossStatistics(double lossSum, double weightSum, long correct, long targets) {
        this(lossSum, weightSum, correct, targets, 0);
    }

    /** The same with a load-balancing loss. */
    LossStatistics withRouterLoss(double loss) {
        return new LossStatistics(lossSum, weightSum, correct, targets, loss * weightSum);
    }

    public LossStatistics plus(LossStatistics other) {
        return new LossStatistics(
                lossSum + other.lossSum,
                weightSum + other.weightSum,
                correct + other.correct,
                targets + other.targets,
                routerSum + other.routerSum);
    }

    /** Nats a token; 0 where nothing was supervised. */
    public double meanLoss() {
        return weightSum == 0 ? 0 : lossSum / weightSum;
    }

    /** The load-balancing loss before its coefficient, averaged over passes by the weights of their tokens. */
    public double routerLoss() {
        return weightSum == 0 ? 0 : routerSum / weightSum;
    }

    /** Share of the targets that were predicted; 0 where nothing was supervised. */
    public double accuracy() {
        return targets == 0 ? 0 : (double) correct / targets;
    }
}
