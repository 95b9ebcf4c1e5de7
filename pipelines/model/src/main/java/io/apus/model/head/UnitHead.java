package io.apus.model.head;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Embeddings: each row divided by its length, as torch.nn.functional.normalize does (lengths below 1e-12 count as that). */
public final class UnitHead implements RowHead {
    private static final double SHORTEST = 1e-12;

    @Override
    public Tensor forward(Tensor rows) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            return scope.keep(rows.div(lengths(rows)));
        }
    }

    /** (g - y (y . g)) / |x| for y = x / |x|. */
    @Override
    public Tensor backward(Tensor rows, Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor lengths = lengths(rows);
            Tensor units = rows.div(lengths);
            Tensor along = units.mul(gradient).sum(1).unsqueeze(1);
            return scope.keep(gradient.sub(units.mul(along)).div_(lengths));
        }
    }

    private static Tensor lengths(Tensor rows) {
        return rows.square().sum(1).sqrt_().clamp_min_(Torch.scalar(SHORTEST)).unsqueeze(1);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
