package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import org.bytedeco.pytorch.Tensor;

/**
 * Another memory, for a weight that is kept in a narrower type than float32: its averages are of that type too, as torch.optim makes
 * them.
 *
 * @param all what hands out and owns the tensors
 * @param narrow type of the weight
 */
public record NarrowMemory(Memory all, DType narrow) implements Memory {
    @Override
    public Tensor zeros(DType dtype, long... shape) {
        return all.zeros(dtype, shape);
    }

    @Override
    public Tensor averages(long... shape) {
        return all.zeros(narrow, shape);
    }

    @Override
    public long bytes() {
        return all.bytes();
    }

    @Override
    public void close() {
        all.close();
    }
}
