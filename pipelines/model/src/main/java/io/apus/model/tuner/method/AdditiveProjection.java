package io.apus.model.tuner.method;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Projection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A projection with a matrix added to its weight. */
public interface AdditiveProjection extends DivisibleAdapter {
    /** The matrix without dropout, [outFeatures, inFeatures]; made of the added parameters alone where parts of it are, see {@link AdditivePart}. */
    Tensor delta();

    /** What the matrix makes of [tokens, inFeatures]. */
    default Tensor apply(Tensor input, boolean training) {
        return kept(torch.linear(input, delta()), Cut.all(outFeatures()), training);
    }

    /**
     * What dropout leaves of what the matrix made, the same whatever part of it is here.
     *
     * @param change [tokens, outputs]
     * @param outputs which of all outputs these are
     */
    default Tensor kept(Tensor change, Cut outputs, boolean training) {
        return change;
    }

    /** Whether this pass is without the matrix, drawn anew in each. */
    default boolean leftOut(boolean training) {
        return false;
    }

    @Override
    default Tensor forward(Tensor input, boolean training) {
        return leftOut(training)
                ? base().forward(input, training)
                : base().forward(input, training).add(apply(input, training));
    }

    @Override
    default Division outputs(Division under, Cut cut) {
        return under.sharing(new AdditivePart(under.part(), this, cut, Cut.all(inFeatures())), added());
    }

    @Override
    default Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        return under.sharing(new AdditivePart(under.part(), this, Cut.all(outFeatures()), cut), added());
    }

    @Override
    default Projection merged() {
        return merged(base(), this::delta);
    }

    /** {@code base} with a matrix, which is made without a graph, in its weight. */
    static Projection merged(Projection base, Supplier<Tensor> delta) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            return target.withWeight(target.weightMatrix().add(delta.get()));
        }
    }
}
