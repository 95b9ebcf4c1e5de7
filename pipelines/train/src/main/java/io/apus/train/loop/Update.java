package io.apus.train.loop;

import io.apus.model.DecoderModel;
import io.apus.model.tuner.method.OtherRanks;
import io.apus.model.tuner.method.Tuner;
import io.apus.train.optimize.Optimiser;
import io.apus.train.parallel.part.Holding;
import io.apus.train.schedule.LearningRate;

/**
 * Turns gradients into new weights: clips them by their global norm as torch's clip_grad_norm_ does and lets the optimiser step. The
 * tuner may add to the gradients before, and look at them and the new weights after.
 *
 * @param maxGradNorm largest norm; 0 switches clipping off
 * @param model what the tuner is attached to
 * @param others have what this rank has not of it
 */
public record Update(
        Holding holding,
        LearningRate schedule,
        double maxGradNorm,
        int totalSteps,
        Tuner tuner,
        DecoderModel model,
        OtherRanks others) {
    private static final double CLIP_EPSILON = 1e-6;

    /** What the next step of a run that stands at {@code state} trains with. */
    double rate(LoopState state) {
        return schedule.at(state.step(), state.evaluationLosses());
    }

    /** Completes the gradients; returns their norm. */
    double norm() {
        holding.complete();
        tuner.beforeUpdate(model);
        return holding.norm();
    }

    /** Takes step {@code step} (from 0) unless {@code norm}, that of the gradients, is not finite; says whether it did. */
    boolean apply(int step, double rate, double norm) {
        if (!Double.isFinite(norm)) {
            return false;
        }
        double clip = maxGradNorm / (norm + CLIP_EPSILON);
        if (maxGradNorm > 0 && clip < 1) {
            holding.gradients().multiply(clip);
        }
        holding.optimiser().step(rate);
        tuner.afterUpdate(model, step + 1, totalSteps, others);
        return true;
    }

    /** Evaluates what the optimiser would keep, which is not always what it trains on. */
    Evaluation evaluated(Evaluator evaluator) {
        try (Optimiser.Swapped weights = holding.optimiser().evaluated()) {
            return evaluator.evaluate();
        }
    }
}
