package io.apus.model.tuner.adalora;

import io.apus.schemas.UserError;

/**
 * How many ranks are left after a step, over all updates (Zhang et al., 2023, section 3.3): all at first, then fewer along a cubic,
 * then the target.
 *
 * @param initial rank of each update at first
 * @param target mean rank at the end
 * @param warmup steps with all ranks
 * @param last steps at the end with the target
 * @param interval steps between two allocations
 */
record RankSchedule(int initial, int target, int warmup, int last, int interval) {
    void check(int totalSteps) {
        if (warmup >= totalSteps - last) {
            throw new UserError(
                    "Cannot allocate ranks",
                    "adalora_tinit " + warmup + " and adalora_tfinal " + last + " leave none of the " + totalSteps
                            + " steps",
                    "Lower them, or train longer.");
        }
    }

    /** Whether the ranks that are left are chosen anew after {@code step}. */
    boolean allocates(int step, int totalSteps) {
        int end = totalSteps - last;
        return step == end || (step > warmup && step < end && step % interval == 0);
    }

    /** Whether the choice stands. */
    boolean settled(int step, int totalSteps) {
        return step > totalSteps - last;
    }

    /** Ranks left over {@code updates} updates after {@code step}. */
    long budget(int step, int totalSteps, int updates) {
        long first = (long) initial * updates;
        long end = (long) target * updates;
        double left = 1 - (double) (step - warmup) / (totalSteps - last - warmup);
        return (long) ((first - end) * left * left * left + end);
    }
}
