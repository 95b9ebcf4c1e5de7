package io.apus.model.layer;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Root-mean-square normalisation over the last dimension (Zhang and Sennrich, 2019). */
public record RmsNorm(Parameter weight, double eps) {
    public Tensor forward(Tensor input) {
        long[] shape = weight.shape();
        return torch.rms_norm(input, shape, new TensorOptional(weight.tensor()), new DoubleOptional(eps));
    }
}
