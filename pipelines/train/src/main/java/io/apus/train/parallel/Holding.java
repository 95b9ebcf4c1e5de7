package io.apus.train.parallel;

import io.apus.train.optimize.Optimiser;
import io.apus.train.reduce.StepGradients;

/** What one rank holds of weights, gradients and optimiser states while it trains. */
public interface Holding extends AutoCloseable {
    StepGradients gradients();

    Optimiser optimiser();

    /** Lets rank 0 have every weight until the result is closed. All ranks call it together; the others get nothing by it. */
    Whole whole();

    @Override
    void close();

    /** Weights that are whole. */
    interface Whole extends AutoCloseable {
        @Override
        void close();
    }
}
