package io.apus.model.tuner.bone;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/**
 * Bat, Bone's other form: adds W B + B to each block W of rank x rank weights, with one B for each row of blocks.
 *
 * @param blocks [outFeatures / rank, rank, rank]
 */
record BatProjection(Projection base, Parameter blocks) implements AdditiveProjection {
    /** The blocks start at zero, so that at first nothing changes. */
    static BatProjection around(String name, Projection base, int rank) {
        if (base.inFeatures() % rank != 0 || base.outFeatures() % rank != 0) {
            throw new UserError(
                    "Cannot attach Bone",
                    name + " cannot be: " + base.outFeatures() + " x " + base.inFeatures()
                            + " weights do not divide into blocks of " + rank + ", which init_weights bat needs",
                    "Choose another rank or target_modules.");
        }
        return new BatProjection(base, InitialValues.constant(name, 0, base.outFeatures() / rank, rank, rank));
    }

    /** Not at all: the matrix is made of the weight that it changes. */
    @Override
    public Optional<Division> outputs(Cut cut) {
        return Optional.empty();
    }

    @Override
    public Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        return Optional.empty();
    }

    @Override
    public Tensor delta() {
        Tensor values = blocks.tensor();
        long rank = values.size(1);
        Tensor parts = MatrixProjection.of(base)
                .weightMatrix()
                .reshape(values.size(0), rank, -1, rank)
                .permute(2, 0, 1, 3);
        return parts.matmul(values).add(values).permute(1, 2, 0, 3).reshape(outFeatures(), inFeatures());
    }

    @Override
    public List<Parameter> added() {
        return List.of(blocks);
    }
}
