package io.apus.train.optimize;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.spec.TrainSpec;

/** The learning-rate schedules, as in transformers' optimization.py. */
public final class LearningRates {
    /** Makes a schedule of its warm-up steps and the steps of the whole run. */
    private interface Shape {
        LearningRate of(int warmup, int total);
    }

    private static final Registry<Shape> SHAPES = Registry.of(
            "lr_scheduler_type",
            entry("cosine", (warmup, total) -> warmed(warmup, step -> cosine(progress(step, warmup, total)))),
            entry("linear", (warmup, total) -> warmed(warmup, step -> linear(step, warmup, total))),
            entry("constant", (warmup, total) -> step -> 1),
            entry("constant_with_warmup", (warmup, total) -> warmed(warmup, step -> 1)));

    private LearningRates() {}

    public static LearningRate of(TrainSpec spec, int totalSteps) {
        return SHAPES.get(spec.lrSchedulerType()).of(warmupSteps(spec, totalSteps), totalSteps);
    }

    static int warmupSteps(TrainSpec spec, int totalSteps) {
        return spec.warmupSteps() > 0 ? spec.warmupSteps() : (int) Math.ceil(totalSteps * spec.warmupRatio());
    }

    private static LearningRate warmed(int warmup, LearningRate after) {
        return step -> step < warmup ? (double) step / Math.max(1, warmup) : after.factor(step);
    }

    private static double progress(int step, int warmup, int total) {
        return (double) (step - warmup) / Math.max(1, total - warmup);
    }

    /** Half a cosine period from 1 to 0. */
    private static double cosine(double progress) {
        return Math.max(0, 0.5 * (1 + StrictMath.cos(Math.PI * progress)));
    }

    private static double linear(int step, int warmup, int total) {
        return Math.max(0, (double) (total - step) / Math.max(1, total - warmup));
    }
}
