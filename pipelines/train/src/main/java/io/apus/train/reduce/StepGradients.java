package io.apus.train.reduce;

import io.apus.model.training.GradientSink;

/** The gradients of a step, summed over the ranks that train on other rows, wherever the sums then lie. */
public interface StepGradients extends AutoCloseable {
    /** Empties the gradients for a new step, which completes those that are trainable by then. */
    void clear();

    /**
     * To be told of the gradients that one pass of a step completes. All ranks go through the same number of passes.
     *
     * @param last whether it is the step's last one, whose gradients end the sums
     */
    GradientSink pass(boolean last);

    /** Ends the sums; returns how many reductions were over before this call. */
    int finish();

    void multiply(double factor);

    /** How many reductions a step's gradients are summed in. */
    int count();

    @Override
    void close();
}
