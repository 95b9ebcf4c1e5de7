package io.apus.model.tuner.lora;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A projection with a low-rank update beside it: base(x) + scale * dropout(x) A^T B^T (Hu et al., 2021).
 *
 * @param down A [rank, inFeatures]
 * @param up B [outFeatures, rank]
 */
record LoraProjection(Projection base, LoraSettings settings, Parameter down, Parameter up)
        implements AdaptedProjection {
    /** A starts kaiming-uniform with a = sqrt(5), as PEFT's does, and B at zero: at first nothing changes. */
    static LoraProjection around(String module, Projection base, LoraSettings settings, GeneratorOptional generator) {
        try (Scope scope = Scope.open()) {
            double bound = 1 / Math.sqrt((double) base.inFeatures());
            Tensor down = Torch.emptyFloats(settings.rank(), base.inFeatures()).uniform_(-bound, bound, generator);
            Tensor up = Torch.zeros(base.outFeatures(), settings.rank());
            return new LoraProjection(
                    base,
                    settings,
                    new Parameter(module + ".lora_A.weight", new Tensor(down)),
                    new Parameter(module + ".lora_B.weight", up));
        }
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor kept = training && settings.dropout() > 0 ? torch.dropout(input, settings.dropout(), true) : input;
        Tensor narrow = torch.linear(kept, down.tensor());
        return torch.addmm(
                base.forward(input, training),
                narrow,
                up.tensor().t(),
                Torch.scalar(1),
                Torch.scalar(settings.scale()));
    }

    @Override
    public List<Parameter> added() {
        return List.of(down, up);
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            Tensor update = up.tensor().mm(down.tensor()).mul_(Torch.scalar(settings.scale()));
            return target.withWeight(update.add_(target.weightMatrix()));
        }
    }
}
