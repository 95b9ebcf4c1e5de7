package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link LayerNorm} of [tokens, heads, size] with a weight for each head, kept apart in files.
 *
 * @param weights [size] each
 */
public record LayerNormPerHead(List<Parameter> weights, long size, double eps) implements Norm {
    @Override
    public Tensor forward(Tensor input) {
        TensorVector rows = new TensorVector();
        weights.forEach(weight -> rows.push_back(weight.tensor()));
        return torch.layer_norm(input, new long[] {size}, new TensorOptional(), new TensorOptional(), eps, true)
                .mul(torch.stack(rows));
    }

    @Override
    public List<Parameter> parameters() {
        return weights;
    }
}
