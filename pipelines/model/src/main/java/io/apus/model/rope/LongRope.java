package io.apus.model.rope;

import io.apus.schemas.UserError;
import java.util.List;

/** LongRoPE (Ding et al., 2024): a divisor for each frequency, one list within the trained length and one beyond it. */
final class LongRope {
    private LongRope() {}

    static Rotation rotation(RopeParameters parameters, long length) {
        double trained = parameters.optional("original_max_position_embeddings", parameters.maxPositionEmbeddings());
        // Both lists are looked at whatever the length, so that a bad config is refused when it is read.
        List<Double> within = divisors(parameters, "short_factor");
        List<Double> beyond = divisors(parameters, "long_factor");
        List<Double> chosen = length > trained ? beyond : within;
        double[] frequencies = DefaultRope.inverseFrequencies(parameters);
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= chosen.get(i);
        }
        double factor = parameters.maxPositionEmbeddings() / trained;
        double computed = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
        // Phi-3.5-MoE says the factor itself, one for each list.
        double said = parameters.optional(length > trained ? "long_mscale" : "short_mscale", computed);
        return new Rotation(frequencies, parameters.optional("attention_factor", said));
    }

    private static List<Double> divisors(RopeParameters parameters, String key) {
        List<Double> list = parameters.lists().getOrDefault(key, List.of());
        if (list.size() != parameters.dim() / 2) {
            throw new UserError(
                    "Cannot use config.json",
                    "rope_scaling of type " + parameters.type() + " has " + list.size() + " numbers in " + key
                            + ", the heads need " + parameters.dim() / 2,
                    "Copy rope_scaling from the model's original config.json.");
        }
        return list;
    }
}
