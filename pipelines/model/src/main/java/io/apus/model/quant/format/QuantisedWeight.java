package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** A weight matrix [outFeatures, inFeatures] as a quantisation format keeps it. It does not own its tensors. */
public interface QuantisedWeight {
    long outFeatures();

    long inFeatures();

    /** The matrix that the format stands for, float32 [outFeatures, inFeatures], perhaps as a transposed view; in the caller's scope. */
    Tensor dequantise();

    /**
     * Some rows (dimension 0) or columns (1), with the very numbers that the whole stands for, in tensors of its own in the caller's scope.
     *
     * @return empty where {@code cut} tears apart what is quantised together
     */
    default Optional<QuantisedWeight> part(Cut cut, int dimension) {
        return Optional.empty();
    }

    /** Every stored tensor by its name in files, which follows the module's: {@code weight}, {@code weight.absmax}, {@code qzeros} ... */
    SortedMap<String, Tensor> tensors();
}
