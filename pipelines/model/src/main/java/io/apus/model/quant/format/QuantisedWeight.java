package io.apus.model.quant.format;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** A weight matrix [outFeatures, inFeatures] as a quantisation format keeps it. It does not own its tensors. */
public interface QuantisedWeight {
    long outFeatures();

    long inFeatures();

    /** The matrix that the format stands for, float32 [outFeatures, inFeatures], perhaps as a transposed view; in the caller's scope. */
    Tensor dequantise();

    /** Every stored tensor by its name in files, which follows the module's: {@code weight}, {@code weight.absmax}, {@code qzeros} ... */
    SortedMap<String, Tensor> tensors();
}
