package io.apus.train.parallel.part;

import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.reduce.StepGradients;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** What one rank holds of weights, gradients and optimiser states while it trains. */
public interface Holding extends AutoCloseable {
    StepGradients gradients();

    /** Adds up what the ranks of a replica have computed parts of; the gradients are those of a whole step. */
    void complete();

    /** Euclidean norm over the gradients of the whole model, the same on every rank. */
    double norm();

    Optimiser optimiser();

    /**
     * The trained weights, for a checkpoint.
     *
     * @param tensors the trained parameters' own, by name
     */
    ShardedState weights(SortedMap<String, Tensor> tensors);

    /** What the optimiser remembers, for a checkpoint. */
    ShardedState memory();

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
