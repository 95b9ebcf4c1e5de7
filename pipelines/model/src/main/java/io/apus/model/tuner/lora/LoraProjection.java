package io.apus.model.tuner.lora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.DivisibleAdapter;
import io.apus.model.tuner.method.InputDropout;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A projection with a low-rank update beside it: base(x) + scale * dropout(x) A^T B^T (Hu et al., 2021). */
record LoraProjection(Projection base, LowRank update, double scale, InputDropout dropout)
        implements LowRankUpdate, DivisibleAdapter {
    @Override
    public Tensor forward(Tensor input, boolean training) {
        return torch.addmm(
                base.forward(input, training),
                update.narrow(dropout.of(input, training)),
                update.up().tensor().t(),
                Torch.scalar(1),
                Torch.scalar(scale));
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        LowRank.Part part = update.outputs(cut);
        return under.with(new LoraProjection(under.part(), part.factors(), scale, dropout), part.pieces());
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        LowRank.Part part = update.inputs(cut);
        return under.with(new LoraProjection(under.part(), part.factors(), scale, dropout.of(cut)), part.pieces());
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
