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

/**
 * A low-rank update of the direction of a weight's rows, whose lengths are learned apart (Liu et al., 2024, DoRA): the weight is
 * m / |V| V with V = W + scale B A. |V| counts as a constant in the gradient (section 4.3), as in peft 0.17, tuners/lora/dora.py.
 *
 * @param magnitude m [outFeatures]
 * @param sum adds up over the parts of all inputs, in place, where this is one of them
 */
record DoraProjection(
        MatrixProjection base,
        LowRank update,
        Parameter magnitude,
        double scale,
        InputDropout dropout,
        Consumer<Tensor> sum)
        implements LowRankUpdate, DivisibleAdapter {
    /** m begins as the lengths of V's rows: at first nothing changes. */
    static DoraProjection around(String module, Projection base, LowRank update, double scale, InputDropout dropout) {
        MatrixProjection matrix = MatrixProjection.of(base);
        try (Scope scope = Scope.open()) {
            Parameter lengths = new Parameter(
                    module + ".lora_magnitude_vector",
                    lengths(direction(matrix, update, scale), DoraProjection::complete));
            return new DoraProjection(matrix, update, lengths, scale, dropout, DoraProjection::complete);
        }
    }

    /** Sums over all inputs are what they are. */
    private static void complete(Tensor sums) {}

    private static Tensor direction(MatrixProjection base, LowRank update, double scale) {
        try (NoGrad guard = Torch.noGrad()) {
            return update.product(scale).add_(base.weightMatrix());
        }
    }

    private static Tensor lengths(Tensor matrix, Consumer<Tensor> sum) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor squares = matrix.square().sum(1);
            sum.accept(squares);
            return squares.sqrt();
        }
    }

    /** m / |V|, [outFeatures]. */
    private Tensor stretch() {
        return magnitude.tensor().div(lengths(direction(base, update, scale), sum));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        boolean dropped = dropout.acts(training);
        Tensor kept = dropout.of(input, training);
        Tensor plain = base.forward(input, training);
        Tensor stretch = stretch();
        Tensor low =
                update.narrow(kept).mm(update.up().tensor().t()).mul(stretch).mul(Torch.scalar(scale));
        Tensor straight = dropped ? torch.linear(kept, base.weightMatrix()) : withoutBias(plain);
        return plain.add(straight.mul(stretch.sub(Torch.scalar(1)))).add(low);
    }

    private Tensor withoutBias(Tensor output) {
        return base.bias().map(bias -> output.sub(bias.tensor())).orElse(output);
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        return part(under, update.outputs(cut), Piece.of(magnitude, cut, 0), sum, dropout);
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> all) {
        return part(under, update.inputs(cut), Piece.shared(magnitude), all, dropout.of(cut));
    }

    private Division part(Division under, LowRank.Part factors, Piece lengths, Consumer<Tensor> all, InputDropout own) {
        DoraProjection part = new DoraProjection(
                MatrixProjection.of(under.part()), factors.factors(), lengths.parameter(), scale, own, all);
        return under.with(under.part(), factors.pieces()).with(part, List.of(lengths));
    }

    @Override
    public List<Parameter> added() {
        return List.of(update.down(), update.up(), magnitude);
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor direction = direction(base, update, scale);
            return base.withWeight(direction.mul(stretch().unsqueeze(1)));
        }
    }
}
