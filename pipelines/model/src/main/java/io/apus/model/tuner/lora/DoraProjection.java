package io.apus.model.tuner.lora;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A low-rank update of the direction of a weight's rows, whose lengths are learned apart (Liu et al., 2024, DoRA): the weight is
 * m / |V| V with V = W + scale B A. |V| counts as a constant in the gradient (section 4.3), as in peft 0.17, tuners/lora/dora.py.
 *
 * @param magnitude m [outFeatures]
 */
record DoraProjection(MatrixProjection base, LowRank update, Parameter magnitude, double scale, double dropout)
        implements LowRankUpdate {
    /** m begins as the lengths of V's rows: at first nothing changes. */
    static DoraProjection around(String module, Projection base, LowRank update, double scale, double dropout) {
        MatrixProjection matrix = MatrixProjection.of(base);
        try (Scope scope = Scope.open()) {
            Parameter lengths =
                    new Parameter(module + ".lora_magnitude_vector", lengths(direction(matrix, update, scale)));
            return new DoraProjection(matrix, update, lengths, scale, dropout);
        }
    }

    private static Tensor direction(MatrixProjection base, LowRank update, double scale) {
        try (NoGrad guard = Torch.noGrad()) {
            return update.product(scale).add_(base.weightMatrix());
        }
    }

    private static Tensor lengths(Tensor matrix) {
        try (NoGrad guard = Torch.noGrad()) {
            return torch.linalg_vector_norm(matrix, Torch.scalar(2), new long[] {1}, false, new ScalarTypeOptional());
        }
    }

    /** m / |V|, [outFeatures]. */
    private Tensor stretch() {
        return magnitude.tensor().div(lengths(direction(base, update, scale)));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        boolean dropped = training && dropout > 0;
        Tensor kept = dropped ? torch.dropout(input, dropout, true) : input;
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
