package io.apus.train.schedule;

import io.apus.train.arguments.Arguments;
import java.util.function.IntToDoubleFunction;

/**
 * What a schedule is made of.
 *
 * @param base the rate that factors are applied to
 * @param warmup steps of the warm-up
 * @param total steps of the run
 * @param arguments lr_scheduler_kwargs
 */
record Schedule(double base, int warmup, int total, Arguments arguments) {
    /** The base rate times a factor of the step. */
    LearningRate scaled(IntToDoubleFunction factor) {
        return (step, losses) -> base * factor.applyAsDouble(step);
    }

    /** A linear warm-up from 0, then the base rate times a factor of the step. */
    LearningRate warmed(IntToDoubleFunction after) {
        return scaled(step -> step < warmup ? (double) step / Math.max(1, warmup) : after.applyAsDouble(step));
    }

    /** How much of the time after the warm-up is over: 0 to 1. */
    double progress(int step) {
        return (double) (step - warmup) / Math.max(1, total - warmup);
    }

    /** The lowest rate as a share of the base rate, from min_lr or min_lr_rate; one of them must be given. */
    double minimumShare() {
        boolean absolute = arguments.number("min_lr").isPresent();
        boolean relative = arguments.number("min_lr_rate").isPresent();
        if (absolute == relative) {
            throw arguments.fault("exactly one of min_lr and min_lr_rate must be given");
        }
        return absolute ? arguments.number("min_lr", 0) / base : arguments.number("min_lr_rate", 0);
    }
}
