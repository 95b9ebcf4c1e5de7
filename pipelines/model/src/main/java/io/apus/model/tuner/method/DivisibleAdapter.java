package io.apus.model.tuner.method;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** An adapter that can be divided where what it changes can be, and that leaves the bias to it. */
public interface DivisibleAdapter extends DivisibleByOutputs {
    /**
     * This change of some of the inputs, around {@code under}, which takes them.
     *
     * @param sum see {@link Divisible#inputs(Cut, Consumer)}
     */
    Division inputs(Division under, Cut cut, Consumer<Tensor> sum);

    @Override
    default Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        return Divisible.of(base()).flatMap(base -> base.inputs(cut, sum)).map(under -> inputs(under, cut, sum));
    }
}
