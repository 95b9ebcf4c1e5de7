package io.apus.train.parallel.tensor;

import io.apus.model.layer.Projection;
import org.bytedeco.pytorch.Tensor;

/**
 * A linear map that cannot be divided, whole on every rank, each of which has some of its inputs, equal runs in the ranks' order: the ranks put them
 * together and all compute the same.
 *
 * <p>Every rank would come back with the whole gradient, where parameters that ranks share have parts of it that are added up, see {@link
 * LinearSplit#partial}. So each goes back with the n-th part of the result's gradient, n being the number of ranks; and as all are equal, the gradient
 * of a rank's own inputs, which is the sum of what all ranks have computed of it, is n times what it has itself.
 *
 * @param added whether whoever uses the result adds up those of all ranks, so that each has to give the n-th part
 */
record GatheredInputs(Projection whole, TensorGroup group, boolean added) implements WholeProjection {
    @Override
    public Tensor forward(Tensor input, boolean training) {
        return group.evenly(whole.forward(group.gather(input), training), added);
    }

    @Override
    public long inFeatures() {
        return whole.inFeatures() / group.size();
    }

    @Override
    public long outFeatures() {
        return whole.outFeatures();
    }
}
