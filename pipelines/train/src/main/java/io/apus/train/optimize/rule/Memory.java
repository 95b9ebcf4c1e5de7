package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import org.bytedeco.pytorch.Tensor;

/** Where optimiser states lie. */
public interface Memory extends AutoCloseable {
    /** A tensor of zeros that lives until this memory is closed. */
    Tensor zeros(DType dtype, long... shape);

    default Tensor floats(long... shape) {
        return zeros(DType.F32, shape);
    }

    /** For averages of gradients that have the type of the weight. */
    default Tensor averages(long... shape) {
        return floats(shape);
    }

    /** Bytes handed out so far. */
    long bytes();

    @Override
    void close();
}
