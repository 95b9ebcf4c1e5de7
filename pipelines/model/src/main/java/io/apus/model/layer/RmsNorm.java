package io.apus.model.layer;

import io.apus.model.layer.fused.FusedRmsNorm;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019).
 *
 * @param weight [size]
 * @param aroundOne the weight is kept as its difference from 1, as in Gemma
 */
public record RmsNorm(Parameter weight, double eps, boolean aroundOne) implements Norm {
    @Override
    public Tensor forward(Tensor input) {
        Tensor factor = aroundOne ? weight.tensor().add(Torch.scalar(1)) : weight.tensor();
        if (FusedRmsNorm.takes(input, factor)) {
            return FusedRmsNorm.forward(input, factor, eps);
        }
        Tensor normed = torch.rms_norm(
                input, weight.shape(), new TensorOptional(Torch.like(factor, input)), new DoubleOptional(eps));
        return Torch.like(normed, input);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight);
    }
}
