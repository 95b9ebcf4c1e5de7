package io.apus.train.schedule;

import java.util.List;

/** The learning rate over a run. */
public interface LearningRate {
    /**
     * The rate that a step trains with.
     *
     * @param step from 0
     * @param evaluationLosses mean loss of every evaluation before it, oldest first
     */
    double at(int step, List<Double> evaluationLosses);
}
