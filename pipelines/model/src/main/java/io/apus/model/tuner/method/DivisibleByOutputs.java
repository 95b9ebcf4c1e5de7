package io.apus.model.tuner.method;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** An adapter that can be divided by outputs where what it changes can be, and that looks at all inputs together. */
public interface DivisibleByOutputs extends AdaptedProjection, Divisible {
    /** This change of some of the outputs, around {@code under}, which gives them. */
    Division outputs(Division under, Cut cut);

    @Override
    default Optional<Division> outputs(Cut cut) {
        return Divisible.of(base()).flatMap(base -> base.outputs(cut)).map(under -> outputs(under, cut));
    }

    @Override
    default Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        return Optional.empty();
    }

    @Override
    default Optional<Parameter> bias() {
        return Divisible.of(base()).flatMap(Divisible::bias);
    }
}
