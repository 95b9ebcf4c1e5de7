package io.apus.model.tuner.adalora;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A projection with an update in the form of a singular value decomposition beside it: base(x) + scale * dropout(x) (E A)^T B^T.
 *
 * @param down A [rank, inFeatures]
 * @param values E [rank, 1]
 * @param up B [outFeatures, rank]
 * @param importance of A, E and B
 * @param kept frozen [rank, 1]: 1 for a rank that is left, 0 for one that was taken away
 */
record SingularProjection(
        Projection base,
        Parameter down,
        Parameter values,
        Parameter up,
        List<Importance> importance,
        Parameter kept,
        double scale,
        double dropout)
        implements AdaptedProjection {
    /** As PEFT begins: A and B normal with a deviation of 0.02, E zero. */
    static SingularProjection around(
            String module, Projection base, AdaLoraSettings settings, GeneratorOptional generator) {
        try (Scope scope = Scope.open()) {
            int rank = settings.rank(module);
            Parameter down = normal(module + ".lora_A", generator, rank, base.inFeatures());
            Parameter values = new Parameter(module + ".lora_E", Torch.zeros(rank, 1));
            Parameter up = normal(module + ".lora_B", generator, base.outFeatures(), rank);
            return new SingularProjection(
                    base,
                    down,
                    values,
                    up,
                    List.of(Importance.of(down), Importance.of(values), Importance.of(up)),
                    new Parameter(module + ".lora_E.kept", Torch.zeros(rank, 1).fill_(Torch.scalar(1))),
                    settings.scale(),
                    settings.dropout());
        }
    }

    private static Parameter normal(String name, GeneratorOptional generator, long... shape) {
        return new Parameter(name, new Tensor(Torch.emptyFloats(shape).normal_(0, 0.02, generator)));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor dropped = training && dropout > 0 ? torch.dropout(input, dropout, true) : input;
        Tensor narrow = torch.linear(dropped, down.tensor().mul(values.tensor()));
        return torch.addmm(
                base.forward(input, training), narrow, up.tensor().t(), Torch.scalar(1), Torch.scalar(scale));
    }

    @Override
    public List<Parameter> added() {
        return List.of(down, values, up);
    }

    private List<Parameter> bookkeeping() {
        List<Parameter> all = new ArrayList<>(List.of(kept));
        importance.forEach(it -> all.addAll(it.parameters()));
        return all;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(AdaptedProjection.super.parameters());
        all.addAll(bookkeeping());
        return all;
    }

    /** Importance of each rank, [rank]: that of its value and the means of those of its vectors. */
    Tensor scores() {
        Tensor ofDown = importance.get(0).score().mean(1);
        Tensor ofValues = importance.get(1).score().squeeze(1);
        Tensor ofUp = importance.get(2).score().mean(0);
        return ofDown.add(ofValues).add(ofUp);
    }

    /** Takes away the ranks whose score is at most {@code threshold}. */
    void keepAbove(double threshold) {
        kept.tensor().copy_(scores().gt(Torch.scalar(threshold)).unsqueeze(1));
        mask();
    }

    /** Zeroes the values that the optimiser gave to ranks that were taken away. */
    void mask() {
        values.tensor().mul_(kept.tensor());
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            Tensor update = up.tensor().mm(down.tensor().mul(values.tensor())).mul_(Torch.scalar(scale));
            bookkeeping().forEach(Parameter::close);
            return target.withWeight(update.add_(target.weightMatrix()));
        }
    }
}
