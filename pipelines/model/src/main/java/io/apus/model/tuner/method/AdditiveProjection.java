package io.apus.model.tuner.method;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Projection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A projection with a matrix added to its weight. */
public interface AdditiveProjection extends AdaptedProjection {
    /** The matrix without dropout, [outFeatures, inFeatures]. */
    Tensor delta();

    /** What the matrix makes of [tokens, inFeatures]. */
    default Tensor apply(Tensor input, boolean training) {
        return torch.linear(input, delta());
    }

    @Override
    default Tensor forward(Tensor input, boolean training) {
        return base().forward(input, training).add(apply(input, training));
    }

    @Override
    default Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base());
            return target.withWeight(target.weightMatrix().add(delta()));
        }
    }
}
