package io.apus.train.loop;

import io.apus.model.DecoderModel;
import io.apus.model.tuner.method.Tuner;
import io.apus.train.optimize.LearningRate;
import io.apus.train.optimize.Optimiser;
import io.apus.train.reduce.GradientBuckets;

/**
 * Turns gradients into new weights: clips them by their global norm as torch's clip_grad_norm_ does and lets the optimiser step. The
 * tuner may add to the gradients before, and look at them and the new weights after.
 *
 * @param maxGradNorm largest norm; 0 switches clipping off
 * @param baseRate learning rate that the schedule scales
 * @param model what the tuner is attached to
 */
public record Update(
        Optimiser optimiser,
        GradientBuckets buckets,
        LearningRate schedule,
        double baseRate,
        double maxGradNorm,
        int totalSteps,
        Tuner tuner,
        DecoderModel model) {
    private static final double CLIP_EPSILON = 1e-6;

    double rate(int step) {
        return baseRate * schedule.factor(step);
    }

    /** Completes the gradients; returns their norm. */
    double norm() {
        tuner.beforeUpdate(model);
        return buckets.norm();
    }

    /** Applies step {@code step} (from 0) unless {@code norm}, that of the gradients, is not finite; says whether it did. */
    boolean apply(int step, double norm) {
        if (!Double.isFinite(norm)) {
            return false;
        }
        double clip = maxGradNorm / (norm + CLIP_EPSILON);
        if (maxGradNorm > 0 && clip < 1) {
            buckets.multiply(clip);
        }
        optimiser.step(rate(step));
        tuner.afterUpdate(model, step + 1, totalSteps);
        return true;
    }
}
