package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.schemas.UserError;
import org.bytedeco.pytorch.Tensor;

/**
 * The low-rank update of one linear, scale B A, as numbers without a graph.
 *
 * @param down A [rank, inFeatures]
 * @param up B [outFeatures, rank]
 */
public record Factors(Tensor down, Tensor up, double scale) {
    /**
     * What {@code adapter} adds to a linear.
     *
     * @throws UserError if that is more than a low-rank update
     */
    public static Factors of(String adapter, AdaptedProjection projection) {
        if (projection instanceof LoraProjection lora) {
            return new Factors(
                    lora.update().down().tensor().detach(),
                    lora.update().up().tensor().detach(),
                    lora.scale());
        }
        throw notPlain(adapter, "it is no plain LoRA");
    }

    static UserError notPlain(String adapter, String why) {
        return new UserError("Cannot combine adapter " + adapter, why, "Merge it into the model instead.");
    }

    int rank() {
        return Math.toIntExact(down.size(0));
    }

    Tensor product() {
        return up.mm(down);
    }
}
