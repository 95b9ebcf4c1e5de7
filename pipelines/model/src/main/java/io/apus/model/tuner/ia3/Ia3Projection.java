package io.apus.model.tuner.ia3;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.DivisibleAdapter;
import io.apus.model.tuner.method.InitialValues;
import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
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
    public Division outputs(Cut cut) {
        Division under = divisibleBase().outputs(cut);
        return around(under, feedForward ? Piece.shared(factors) : Piece.of(factors, cut, 0));
    }

    @Override
    public Division inputs(Cut cut, Consumer<Tensor> sum) {
        if (!feedForward && bias().isPresent()) {
            throw new UserError(
                    "Cannot divide a linear by its inputs",
                    factors.name() + " multiplies a bias, which belongs to no input",
                    "Leave the linear out of the adapter, or share the model in another way than by tp.");
        }
        Division under = divisibleBase().inputs(cut, sum);
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
