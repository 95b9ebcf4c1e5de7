package io.apus.model.tuner.ia3;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.DivisibleAdapter;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/**
 * (IA)^3: a factor for each output of a linear, or for each input of a feed-forward one (Liu et al., 2022; PEFT tuners/ia3).
 *
 * @param factors [outFeatures, 1], or [1, inFeatures] of a feed-forward one
 */
record Ia3Projection(Projection base, boolean feedForward, Parameter factors) implements DivisibleAdapter {
    /** All factors start at 1, so that at first nothing changes. */
    static Ia3Projection around(String module, Projection base, boolean feedForward) {
        long[] shape = feedForward ? new long[] {1, base.inFeatures()} : new long[] {base.outFeatures(), 1};
        return new Ia3Projection(base, feedForward, InitialValues.constant(module + ".ia3_l", 1, shape));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor row = factors.tensor().view(-1);
        return feedForward
                ? base.forward(input.mul(row), training)
                : base.forward(input, training).mul(row);
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        return around(under, feedForward ? Piece.shared(factors) : Piece.of(factors, cut, 0));
    }

    /** Not where it multiplies a bias, which belongs to no input. */
    @Override
    public Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        boolean ofBias = !feedForward && bias().isPresent();
        return ofBias ? Optional.empty() : DivisibleAdapter.super.inputs(cut, sum);
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        return around(under, feedForward ? Piece.of(factors, cut, 1) : Piece.shared(factors));
    }

    private Division around(Division under, Piece own) {
        return under.with(new Ia3Projection(under.part(), feedForward, own.parameter()), List.of(own));
    }

    @Override
    public List<Parameter> added() {
        return List.of(factors);
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            if (!feedForward) {
                target.bias()
                        .ifPresent(bias -> bias.tensor().mul_(factors.tensor().view(-1)));
            }
            return target.withWeight(target.weightMatrix().mul(factors.tensor()));
        }
    }
}
