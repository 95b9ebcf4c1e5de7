package io.apus.train.loop;

import io.apus.schemas.spec.TrainSpec;

/**
 * When to log, evaluate and save; steps count from 1. As ms-swift, a run that evaluates or saves at all does so at its end too.
 *
 * @param validated whether there are validation rows
 */
public record Cadence(TrainSpec spec, int stepsPerEpoch, int totalSteps, boolean validated) {
    private static final String NO = "no";

    boolean logs(int step) {
        return step % spec.loggingSteps() == 0 || step == totalSteps || (step == 1 && spec.loggingFirstStep());
    }

    boolean evaluates(int step) {
        return validated && due(spec.evaluationStrategy(), spec.evalSteps(), step);
    }

    boolean saves(int step) {
        return due(spec.saveStrategy(), spec.saveSteps(), step);
    }

    BestChoice choice() {
        return new BestChoice(spec.checkpoint());
    }

    private boolean due(String strategy, int every, int step) {
        if (strategy.equals(NO)) {
            return false;
        }
        return step == totalSteps || step % (strategy.equals("epoch") ? stepsPerEpoch : every) == 0;
    }
}
