package io.apus.model.tuner.adalora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.DivisibleAdapter;
import io.apus.model.tuner.method.InputDropout;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
 * @param rows of B for the outputs that are here: a part has all of every parameter, for ranks are judged by all of it
 * @param columns of A for the inputs that are here
 */
record SingularProjection(
        Projection base,
        Parameter down,
        Parameter values,
        Parameter up,
        List<Importance> importance,
        Parameter kept,
        double scale,
        InputDropout dropout,
        Cut rows,
        Cut columns)
        implements DivisibleAdapter {
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
                    InputDropout.of(settings.dropout()),
                    Cut.all(base.outFeatures()),
                    Cut.all(base.inFeatures()));
        }
    }

    private static Parameter normal(String name, GeneratorOptional generator, long... shape) {
        return new Parameter(name, new Tensor(Torch.emptyFloats(shape).normal_(0, 0.02, generator)));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor narrow = torch.linear(dropout.of(input, training), inward());
        return torch.addmm(base.forward(input, training), narrow, outward().t(), Torch.scalar(1), Torch.scalar(scale));
    }

    /** E A of the inputs that are here. */
    private Tensor inward() {
        return columns.in(down.tensor(), 1).mul(values.tensor());
    }

    /** B of the outputs that are here. */
    private Tensor outward() {
        return rows.in(up.tensor(), 0);
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        return part(under, cut, columns, dropout);
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        return part(under, rows, cut, dropout.of(cut));
    }

    private Division part(Division under, Cut ownRows, Cut ownColumns, InputDropout ownDropout) {
        SingularProjection part = new SingularProjection(
                under.part(), down, values, up, importance, kept, scale, ownDropout, ownRows, ownColumns);
        return under.sharing(part, added());
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
        List<Parameter> all = new ArrayList<>(DivisibleAdapter.super.parameters());
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
            Tensor update = outward().mm(inward()).mul_(Torch.scalar(scale));
            bookkeeping().forEach(Parameter::close);
            return target.withWeight(update.add_(target.weightMatrix()));
        }
    }
}
