package io.apus.model.tuner.method;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Some outputs or inputs of a projection with a matrix added that cannot be cut before it is made: it is made whole of all its parameters, which
 * each part has, and then cut. So a part computes that part of the parameters' gradients which comes of its numbers of the matrix, and all
 * parts' add up.
 *
 * @param base the part of what is changed
 * @param whole of whose matrix this is a part; of its own base nothing is used
 */
record AdditivePart(Projection base, AdditiveProjection whole, Cut rows, Cut columns) implements AdaptedProjection {
    private Tensor delta() {
        return columns.in(rows.in(whole.delta(), 0), 1);
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        if (whole.leftOut(training)) {
            return base.forward(input, training);
        }
        Tensor change = whole.kept(torch.linear(input, delta()), rows, training);
        return base.forward(input, training).add(change);
    }

    @Override
    public List<Parameter> added() {
        return whole.added();
    }

    @Override
    public Projection merged() {
        return AdditiveProjection.merged(base, this::delta);
    }
}
