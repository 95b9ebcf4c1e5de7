package io.apus.model.tuner.lora;

import java.util.function.Supplier;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** How the factors of an update begin. */
interface LoraStart {
    /**
     * First values.
     *
     * @param down A [rank, inFeatures]
     * @param up B [outFeatures, rank]
     * @param base the weight that W is replaced by, or null where W stays
     */
    record Values(Tensor down, Tensor up, Tensor base) {}

    /**
     * The values for one linear, in the caller's scope.
     *
     * @param place the linear
     * @param generator the only source of random numbers
     */
    Values of(Place place, GeneratorOptional generator);

    /**
     * A linear to be updated.
     *
     * @param module its name
     * @param weight reads W [outFeatures, inFeatures], float32, as it is before the adapter
     */
    record Place(String module, long inFeatures, long outFeatures, Supplier<Tensor> weight) {}

    /** Whether W is replaced: then the adapter alone does not say what it does to W. */
    boolean changesBase();

    /** Whether W is replaced by W - scale B A, so that the adapter can be told as one for W. */
    default boolean takesItselfOut() {
        return changesBase();
    }
}
