package io.apus.train.loop;

import io.apus.model.training.LossStatistics;

/**
 * What happened since the last log line.
 *
 * @param steps steps with a finite loss
 * @param loss sum of their losses
 * @param correct targets that the model ranked first
 * @param targets all targets
 * @param tokens tokens
 * @param seconds duration of the steps
 * @param dataWait seconds of it that this rank waited for rows
 * @param routerLoss sum of the steps' load-balancing losses of experts, before their coefficient
 */
public record Window(
        int steps,
        double loss,
        long correct,
        long targets,
        long tokens,
        double seconds,
        double dataWait,
        double routerLoss) {
    static final Window EMPTY = new Window(0, 0, 0, 0, 0, 0, 0, 0);

    Window plus(StepReport step, LossStatistics statistics) {
        boolean finite = Double.isFinite(step.loss());
        return new Window(
                steps + (finite ? 1 : 0),
                loss + (finite ? step.loss() : 0),
                correct + statistics.correct(),
                targets + statistics.targets(),
                tokens + step.tokens(),
                seconds + step.seconds(),
                dataWait + step.dataWait(),
                routerLoss + (finite ? statistics.routerLoss() : 0));
    }

    /** Mean of the steps' losses; NaN without any. */
    public double meanLoss() {
        return loss / steps;
    }

    /** Mean of the steps' load-balancing losses; NaN without any. */
    public double meanRouterLoss() {
        return routerLoss / steps;
    }

    public double tokenAccuracy() {
        return targets == 0 ? 0 : (double) correct / targets;
    }

    /** Share of the steps' duration that this rank waited for rows. */
    public double dataWaitShare() {
        return dataWait / Math.max(seconds, 1e-9);
    }

    public double tokensPerSecond() {
        return tokens / Math.max(seconds, 1e-9);
    }
}
