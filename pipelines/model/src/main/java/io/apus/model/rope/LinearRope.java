package io.apus.model.rope;

import java.util.Arrays;

/** Position interpolation (Chen et al., 2023): every frequency divided by the factor. */
final class LinearRope {
    private LinearRope() {}

    static Rotation rotation(RopeParameters parameters) {
        double factor = parameters.required("factor");
        double[] frequencies = DefaultRope.inverseFrequencies(parameters);
        return new Rotation(Arrays.stream(frequencies).map(f -> f / factor).toArray(), 1);
    }
}
