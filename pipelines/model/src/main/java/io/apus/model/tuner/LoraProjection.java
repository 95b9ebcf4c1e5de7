package io.apus.model.tuner;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A projection with a low-rank update beside it: base(x) + scale * dropout(x) A^T B^T (Hu et al., 2021). */
final class LoraProjection implements Projection {
    private final Projection base;
    private final LoraSettings settings;
    private final Parameter down;
    private final Parameter up;

    /** {@code down} is A [rank, inFeatures], {@code up} is B [outFeatures, rank]. */
    private LoraProjection(Projection base, LoraSettings settings, Parameter down, Parameter up) {
        this.base = base;
        this.settings = settings;
        this.down = down;
        this.up = up;
    }

    /** A starts kaiming-uniform with a = sqrt(5), as PEFT's does, and B at zero: at first nothing changes. */
    static LoraProjection around(String name, Projection base, LoraSettings settings, GeneratorOptional generator) {
        try (Scope scope = Scope.open()) {
            double bound = 1 / Math.sqrt((double) base.inFeatures());
            Tensor down = Torch.emptyFloats(settings.rank(), base.inFeatures()).uniform_(-bound, bound, generator);
            Tensor up = Torch.zeros(base.outFeatures(), settings.rank());
            return new LoraProjection(
                    base,
                    settings,
                    new Parameter(name + ".lora_A.weight", new Tensor(down)),
                    new Parameter(name + ".lora_B.weight", up));
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
    public long inFeatures() {
        return base.inFeatures();
    }

    @Override
    public long outFeatures() {
        return base.outFeatures();
    }

    /** The update's own parameters: A and B. */
    List<Parameter> added() {
        return List.of(down, up);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(base.parameters());
        all.addAll(added());
        return all;
    }

    /** Adds the update to the base's weight in float32, frees it, and gives the base. */
    Projection merged() {
        if (!(base instanceof Linear linear)) {
            throw new IllegalStateException("an update merges into a plain linear only, not into " + base.getClass());
        }
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor update = up.tensor().mm(down.tensor()).mul_(Torch.scalar(settings.scale()));
            linear.weight().tensor().add_(update);
        }
        added().forEach(Parameter::close);
        return base;
    }

    @Override
    public void close() {
        parameters().forEach(Parameter::close);
    }
}
