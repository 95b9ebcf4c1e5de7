package io.apus.model.layer;

import io.apus.schemas.UserError;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A projection y = x W^T + b whose W can be looked at and exchanged: a plain linear, or a quantised one. */
public interface MatrixProjection extends Projection {
    /** W as float32, [outFeatures, inFeatures], without a graph: the weight itself or a dequantised copy. Never written to. */
    Tensor weightMatrix();

    /** b [outFeatures], where there is one. */
    Optional<Parameter> bias();

    /**
     * A projection with {@code weight} ([outFeatures, inFeatures], float32) and the same bias in this one's place: this one itself,
     * overwritten, or another after freeing this one's weight. The caller keeps {@code weight}.
     */
    Projection withWeight(Tensor weight);

    /**
     * {@code projection} as one with a matrix.
     *
     * @throws UserError if it has none
     */
    static MatrixProjection of(Projection projection) {
        if (projection instanceof MatrixProjection matrix) {
            return matrix;
        }
        throw new UserError(
                "Cannot reach the weight of a linear",
                "a " + projection.getClass().getSimpleName() + " has no single weight matrix",
                "Merge the adapters that are attached first, or attach to a plain or quantised model.");
    }
}
