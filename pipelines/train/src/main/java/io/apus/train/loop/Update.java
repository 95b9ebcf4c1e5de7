package io.apus.train.loop;

import io.apus.train.optimize.LearningRate;
import io.apus.train.optimize.Optimiser;
import io.apus.train.reduce.GradientBuckets;

/**
 * Turns gradients into new weights: clips them by their global norm as torch's clip_grad_norm_ does and lets the optimiser step.
 *
 * @param maxGradNorm largest norm; 0 switches clipping off
 * @param baseRate learning rate that the schedule scales
 */
public record Update(
        Optimiser optimiser, GradientBuckets buckets, LearningRate schedule, double baseRate, double maxGradNorm) {
    private static final double CLIP_EPSILON = 1e-6;

    double rate(int step) {
        return baseRate * schedule.factor(step);
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
        return true;
    }
}
