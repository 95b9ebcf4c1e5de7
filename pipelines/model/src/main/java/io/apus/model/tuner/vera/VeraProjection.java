package io.apus.model.tuner.vera;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.InputDropout;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * VeRA: vectors that scale two random matrices which all layers share (Kopiczko et al., 2023; PEFT tuners/vera).
 *
 * @param rows of the matrices for the outputs that are here
 * @param columns of them for the inputs that are here
 * @param outer b [outFeatures]
 * @param inner d [rank]
 */
record VeraProjection(
        Projection base,
        VeraMatrices matrices,
        Cut rows,
        Cut columns,
        InputDropout dropout,
        Parameter outer,
        Parameter inner)
        implements AdditiveProjection {
    /** The outer vector starts at zero, so that at first nothing changes; the inner one at {@code initial}. */
    static VeraProjection around(
            String module, Projection base, VeraMatrices matrices, double dropout, double initial) {
        return new VeraProjection(
                base,
                matrices,
                Cut.all(base.outFeatures()),
                Cut.all(base.inFeatures()),
                InputDropout.of(dropout),
                InitialValues.constant(module + ".vera_lambda_b", 0, base.outFeatures()),
                InitialValues.constant(module + ".vera_lambda_d", initial, matrices.rank()));
    }

    private Tensor down() {
        return of(matrices.down(), columns, 1);
    }

    private Tensor up() {
        return of(matrices.up(), rows, 0);
    }

    private static Tensor of(Parameter matrix, Cut cut, int dimension) {
        Tensor whole = matrix.tensor().narrow(dimension, 0, cut.whole());
        return cut.size() == cut.whole() ? whole : cut.of(whole, dimension);
    }

    @Override
    public Tensor delta() {
        Tensor scaledUp = outer.tensor().unsqueeze(1).mul(up());
        return scaledUp.mm(inner.tensor().unsqueeze(1).mul(down()));
    }

    @Override
    public Tensor apply(Tensor input, boolean training) {
        Tensor narrow = torch.linear(dropout.of(input, training), down()).mul(inner.tensor());
        return torch.linear(narrow, up()).mul(outer.tensor());
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        return around(under, cut, columns, dropout, Piece.of(outer, cut, 0));
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        return around(under, rows, cut, dropout.of(cut), Piece.shared(outer));
    }

    private Division around(Division under, Cut ownRows, Cut ownColumns, InputDropout ownDropout, Piece scales) {
        VeraProjection part =
                new VeraProjection(under.part(), matrices, ownRows, ownColumns, ownDropout, scales.parameter(), inner);
        return under.with(part, List.of(scales, Piece.shared(inner)));
    }

    @Override
    public List<Parameter> added() {
        return List.of(outer, inner, matrices.down(), matrices.up());
    }
}
