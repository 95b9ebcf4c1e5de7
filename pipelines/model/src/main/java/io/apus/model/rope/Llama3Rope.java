package io.apus.model.rope;

import java.util.Arrays;

/** Llama 3.1's scaling: long waves divided by the factor, short ones kept, a smooth change between (transformers, modeling_rope_utils). */
final class Llama3Rope {
    private Llama3Rope() {}

    static Rotation rotation(RopeParameters parameters) {
        double factor = parameters.required("factor");
        double low = parameters.required("low_freq_factor");
        double high = parameters.required("high_freq_factor");
        double trained = parameters.required("original_max_position_embeddings");
        double[] frequencies = Arrays.stream(DefaultRope.inverseFrequencies(parameters))
                .map(frequency -> {
                    double turns = trained * frequency / (2 * Math.PI);
                    double keep = Math.max(0, Math.min(1, (turns - low) / (high - low)));
                    return frequency * (keep + (1 - keep) / factor);
                })
                .toArray();
        return new Rotation(frequencies, 1);
    }
}
