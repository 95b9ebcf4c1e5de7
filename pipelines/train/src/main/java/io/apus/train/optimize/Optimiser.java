package io.apus.train.optimize;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** Moves the trained parameters along their gradients. */
public interface Optimiser extends AutoCloseable {
    /** One step with the gradients that the parameters hold now. */
    void step(double learningRate);

    /** Everything that it remembers between steps, by name; a checkpoint writes and overwrites these very tensors. */
    SortedMap<String, Tensor> state();

    @Override
    void close();
}
