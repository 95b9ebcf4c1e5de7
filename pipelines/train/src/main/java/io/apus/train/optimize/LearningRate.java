package io.apus.train.optimize;

/** What share of the base learning rate a step trains with. */
public interface LearningRate {
    /** The factor of {@code step}, counted from 0. */
    double factor(int step);
}
