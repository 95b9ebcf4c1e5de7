package io.apus.train.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a run has come; a checkpoint keeps it.
 *
 * @param step steps done
 * @param tokens tokens trained on
 * @param skipped steps whose gradients were dropped
 * @param seconds duration of all steps
 * @param lossSteps steps with a finite loss
 * @param lossTotal sum of their losses
 * @param lastLoss loss of the last step; NaN before the first
 * @param window since the last log line
 * @param evaluation the last one; null before the first
 * @param evaluationLosses mean loss of every evaluation, oldest first
 * @param best the best checkpoint; null before the first that was evaluated
 */
public record LoopState(
        int step,
        long tokens,
        int skipped,
        double seconds,
        int lossSteps,
        double lossTotal,
        double lastLoss,
        Window window,
        Evaluation evaluation,
        List<Double> evaluationLosses,
        Best best) {
    public LoopState {
        evaluationLosses = evaluationLosses == null ? List.of() : List.copyOf(evaluationLosses);
    }

    public static LoopState start() {
        return new LoopState(0, 0, 0, 0, 0, 0, Double.NaN, Window.EMPTY, null, List.of(), null);
    }

    LoopState after(StepReport report, Window grown) {
        boolean finite = Double.isFinite(report.loss());
        return new LoopState(
                report.step(),
                tokens + report.tokens(),
                skipped + (report.skipped() ? 1 : 0),
                seconds + report.seconds(),
                lossSteps + (finite ? 1 : 0),
                lossTotal + (finite ? report.loss() : 0),
                report.loss(),
                grown,
                evaluation,
                evaluationLosses,
                best);
    }

    LoopState logged() {
        return with(Window.EMPTY, evaluation, evaluationLosses, best);
    }

    LoopState evaluated(Evaluation newest) {
        List<Double> losses = new ArrayList<>(evaluationLosses);
        losses.add(newest.loss());
        return with(window, newest, losses, best);
    }

    /** {@code newBest} is null where there is none any more. */
    public LoopState withBest(Best newBest) {
        return with(window, evaluation, evaluationLosses, newBest);
    }

    private LoopState with(Window newWindow, Evaluation newest, List<Double> losses, Best newBest) {
        return new LoopState(
                step, tokens, skipped, seconds, lossSteps, lossTotal, lastLoss, newWindow, newest, losses, newBest);
    }

    /** Mean of all steps' losses; NaN before the first. */
    public double meanLoss() {
        return lossTotal / lossSteps;
    }
}
