package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Norm;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.RmsNorm;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Root-mean-square normalisation over the heads of all ranks, of which each has some: the ranks add up their sums of squares, one number a token.
 *
 * <p>As every rank's result depends on that sum, so does the gradient of the sum on every rank's result. The weight is on every rank.
 *
 * @param own columns of this rank
 * @param sharers ranks that have the same columns, each of which counts for its part of them
 */
record SharedRowNorm(RmsNorm all, Cut own, int sharers, TensorGroup group) implements Norm {
    @Override
    public Tensor forward(Tensor input) {
        Tensor exact = input.to(torch.ScalarType.Float);
        Tensor squares = exact.square().sum(new long[] {1}, true, new ScalarTypeOptional());
        Tensor ofAll = group.copy(group.sum(squares.mul(Torch.scalar(1.0 / (sharers * own.whole())))));
        Tensor normed = exact.mul(ofAll.add(Torch.scalar(all.eps())).rsqrt());
        Tensor weight = own.in(all.weight().tensor(), 0);
        Tensor factor = all.aroundOne() ? weight.add(Torch.scalar(1)) : weight;
        return Torch.like(normed.mul(factor), input);
    }

    @Override
    public List<Parameter> parameters() {
        return all.parameters();
    }
}
