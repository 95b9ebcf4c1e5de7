package io.apus.train.reduce;

import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Lengths of gradients. */
public final class Norms {
    private Norms() {}

    /** Euclidean norm, summed up and given in float32 whatever {@code tensor} is kept in; in the caller's scope. */
    public static Tensor euclidean(Tensor tensor) {
        return DType.of(tensor) == DType.F32
                ? tensor.norm()
                : tensor.norm(new ScalarOptional(Torch.scalar(2)), torch.ScalarType.Float);
    }
}
