package io.apus.train.optimize;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Moves the trained parameters along their gradients. */
public interface Optimiser extends AutoCloseable {
    /** One step of the parameters that are trainable at this moment, with the gradients that they hold now. */
    void step(double learningRate);

    /** Everything that it remembers between steps; a checkpoint writes and overwrites these very tensors. */
    List<Remembered> remembered();

    /** The same by name. */
    default SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        remembered().forEach(one -> all.put(one.key(), one.tensor()));
        return all;
    }

    /** Bytes of it. */
    long bytes();

    /** Whether {@link #evaluated} changes anything. */
    boolean averages();

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
