package io.apus.model.tuner.lora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A projection with a low-rank update beside it: base(x) + scale * dropout(x) A^T B^T (Hu et al., 2021).
 *
 * @param columns which of the inputs of a divided projection x is; dropout then draws for all of them, so that all parts together drop what the
 *     whole would
 */
record LoraProjection(Projection base, LowRank update, double scale, double dropout, Optional<Cut> columns)
        implements LowRankUpdate, Divisible {
    LoraProjection(Projection base, LowRank update, double scale, double dropout) {
        this(base, update, scale, dropout, Optional.empty());
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor kept = training && dropout > 0 ? dropped(input) : input;
        return torch.addmm(
                base.forward(input, training),
                update.narrow(kept),
                update.up().tensor().t(),
                Torch.scalar(1),
                Torch.scalar(scale));
    }

    private Tensor dropped(Tensor input) {
        if (columns.isEmpty()) {
            return torch.dropout(input, dropout, true);
        }
        Cut own = columns.get();
        Tensor all = Device.of(input).ones(DType.of(input), input.size(0), own.whole());
        return input.mul(own.of(torch.dropout(all, dropout, true), 1));
    }

    @Override
    public boolean divides() {
        return Divisible.of(base).isPresent();
    }

    @Override
    public Optional<Parameter> bias() {
        return Divisible.of(base).flatMap(Divisible::bias);
    }

    @Override
    public Division outputs(Cut cut) {
        Division under = Divisible.of(base).orElseThrow().outputs(cut);
        return joined(under, Piece.shared(update.down()), Piece.of(update.up(), cut, 0), columns);
    }

    @Override
    public Division inputs(Cut cut) {
        Division under = Divisible.of(base).orElseThrow().inputs(cut);
        return joined(under, Piece.of(update.down(), cut, 1), Piece.shared(update.up()), Optional.of(cut));
    }

    private Division joined(Division under, Piece down, Piece up, Optional<Cut> of) {
        List<Piece> pieces = new ArrayList<>(under.pieces());
        pieces.add(down);
        pieces.add(up);
        LowRank part = new LowRank(down.parameter(), up.parameter());
        return new Division(new LoraProjection(under.part(), part, scale, dropout, of), pieces);
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
