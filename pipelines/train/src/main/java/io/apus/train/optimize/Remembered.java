package io.apus.train.optimize;

import org.bytedeco.pytorch.Tensor;

/**
 * A tensor that an optimiser keeps between steps.
 *
 * @param name of what it is
 * @param perElement whether it has one number for every element of what is moved, in their order; else it goes with all of the parameter
 */
public record Remembered(String name, Movable of, Tensor tensor, boolean perElement) {
    /** The name in checkpoints. */
    public String key() {
        return name + "." + of.parameter().name();
    }
}
