package io.apus.model.tuner.lora;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A projection with a low-rank update beside it: base(x) + scale * dropout(x) A^T B^T (Hu et al., 2021). */
record LoraProjection(Projection base, LowRank update, double scale, double dropout) implements LowRankUpdate {
    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor kept = training && dropout > 0 ? torch.dropout(input, dropout, true) : input;
        return torch.addmm(
                base.forward(input, training),
                update.narrow(kept),
                update.up().tensor().t(),
                Torch.scalar(1),
                Torch.scalar(scale));
    }

    @Override
    public List<Parameter> added() {
        return update.parameters();
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            return target.withWeight(update.product(scale).add_(target.weightMatrix()));
        }
    }
}
