package io.apus.model.layer.fused;

import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Root-mean-square normalisation in few passes over memory; for the way back the inverse norms are kept beside the input, and no
 * normalised states, as in Liger's kernel (Hsu et al., 2024).
 */
public final class FusedRmsNorm {
    private FusedRmsNorm() {}

    /** Whether {@link #forward} can be had for these: float32 in the machine's own memory, rows that lie end to end. */
    public static boolean takes(Tensor input, Tensor factor) {
        return !input.is_cuda()
                && DType.of(input) == DType.F32
                && DType.of(factor) == DType.F32
                && input.is_contiguous()
                && input.numel() > 0
                && CustomGradients.served(List.of(input, factor));
    }

    /**
     * x / sqrt(mean(x^2) + eps) * factor over the last dimension.
     *
     * @param input [..., size]
     * @param factor [size]; gets a gradient where it needs one
     */
    public static Tensor forward(Tensor input, Tensor factor, double eps) {
        try (Scope scope = Scope.open()) {
            long size = factor.size(0);
            Tensor result;
            Tensor rows;
            Tensor inverse;
            Tensor weight = factor.detach();
            try (NoGrad guard = Torch.noGrad()) {
                rows = input.detach().view(-1, size);
                inverse = inverseNorms(rows, size, eps);
                result = rows.mul(inverse).mul_(weight).view(Torch.shape(input));
            }
            Backward backward = new Backward(rows, inverse, weight, input.requires_grad(), factor.requires_grad());
            return scope.keep(CustomGradients.tied(
                    result,
                    List.of(input, factor),
                    List.of(rows, inverse, weight),
                    gradient -> backward.apply(gradient, Torch.shape(gradient))));
        }
    }

    /** 1 / sqrt(mean(x^2) + eps) of each row, [rows, 1]. */
    private static Tensor inverseNorms(Tensor rows, long size, double eps) {
        Tensor norms = torch.linalg_vector_norm(rows, Torch.scalar(2), new long[] {1}, true, new ScalarTypeOptional());
        return norms.square_()
                .div_(Torch.scalar((double) size))
                .add_(Torch.scalar(eps))
                .rsqrt_();
    }

    /**
     * What the way back needs.
     *
     * @param rows [rows, size]
     * @param inverse [rows, 1]
     * @param weight [size]
     */
    private record Backward(Tensor rows, Tensor inverse, Tensor weight, boolean toInput, boolean toFactor) {
        /** With p = gradient * x: d(factor) = p^T inverse, d(x) = inverse * (gradient * factor - x * inverse^2 * (p factor) / size). */
        List<Tensor> apply(Tensor gradient, long[] shape) {
            Tensor own = gradient.reshape(-1, weight.size(0));
            Tensor product = own.mul(rows);
            Tensor factorGradient = toFactor ? product.t().mv(inverse.squeeze(1)) : null;
            if (!toInput) {
                return Arrays.asList(null, factorGradient);
            }
            Tensor share = product.mv(weight)
                    .unsqueeze(1)
                    .mul_(inverse)
                    .mul_(inverse)
                    .div_(Torch.scalar((double) weight.size(0)));
            torch.mul_out(product, own, weight);
            product.addcmul_(rows, share, Torch.scalar(-1)).mul_(inverse);
            return Arrays.asList(product.view(shape), factorGradient);
        }
    }
}
