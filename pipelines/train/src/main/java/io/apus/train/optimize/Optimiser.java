package io.apus.train.optimize;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** Moves the trained parameters along their gradients. */
public interface Optimiser extends AutoCloseable {
    /** One step of the parameters that are trainable at this moment, with the gradients that they hold now. */
    void step(double learningRate);

    /** Everything that it remembers between steps, by name; a checkpoint writes and overwrites these very tensors. */
    SortedMap<String, Tensor> state();

    /**
     * Puts the weights to evaluate and to keep in the place of those to train on, which come back in every bit when the result is
     * closed. Most optimisers train on the former.
     */
    Swapped evaluated();

    @Override
    void close();

    /** Weights that stand in for others. */
    interface Swapped extends AutoCloseable {
        @Override
        void close();
    }
}
