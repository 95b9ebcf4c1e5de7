package io.apus.model.layer;

import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Layer normalisation (Ba et al., 2016).
 *
 * @param size of the last dimension
 * @param weight [size], or [heads, size] for one factor a head; none in families that only centre and scale
 */
public record LayerNorm(long size, Optional<Parameter> weight, Optional<Parameter> bias, double eps) implements Norm {
    @Override
    public Tensor forward(Tensor input) {
        boolean perHead = weight.isPresent() && weight.get().shape().length > 1;
        Tensor normed = torch.layer_norm(
                input,
                new long[] {size},
                perHead ? new TensorOptional() : optional(weight, input),
                optional(bias, input),
                eps,
                true);
        return Torch.like(perHead ? normed.mul(weight.get().tensor()) : normed, input);
    }

    private static TensorOptional optional(Optional<Parameter> parameter, Tensor input) {
        return parameter
                .map(p -> new TensorOptional(Torch.like(p.tensor(), input)))
                .orElseGet(TensorOptional::new);
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(weight, bias).flatMap(Optional::stream).toList();
    }
}
