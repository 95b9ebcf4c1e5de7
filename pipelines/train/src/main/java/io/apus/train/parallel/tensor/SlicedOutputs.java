package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Projection;
import org.bytedeco.pytorch.Tensor;

/**
 * A linear map that cannot be divided, whole on every rank, each of which uses some of its outputs.
 *
 * <p>What a rank makes of its outputs is all that its backward pass knows of: it computes the part of the gradients, of the parameters and of the
 * input, that comes of them. Those of all ranks add up, also where several ranks use the same outputs, each for queries of its own.
 *
 * @param own the outputs that this rank uses
 */
record SlicedOutputs(Projection whole, Cut own) implements WholeProjection {
    @Override
    public Tensor forward(Tensor input, boolean training) {
        return own.in(whole.forward(input, training), 1);
    }

    @Override
    public long inFeatures() {
        return whole.inFeatures();
    }

    @Override
    public long outFeatures() {
        return own.size();
    }
}
