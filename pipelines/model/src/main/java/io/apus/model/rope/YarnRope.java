package io.apus.model.rope;

/** YaRN (Peng et al., 2023): a ramp between interpolated and kept frequencies, and a factor on the attention logits. */
final class YarnRope {
    private YarnRope() {}

    static Rotation rotation(RopeParameters parameters) {
        double trained = parameters.optional("original_max_position_embeddings", parameters.maxPositionEmbeddings());
        double factor = parameters.optional("factor").orElse(parameters.maxPositionEmbeddings() / trained);
        double low = boundary(parameters, parameters.optional("beta_fast", 32), trained);
        double high = boundary(parameters, parameters.optional("beta_slow", 1), trained);
        boolean whole = parameters.optional("truncate", 1) != 0;
        low = Math.max(whole ? Math.floor(low) : low, 0);
        high = Math.min(whole ? Math.ceil(high) : high, parameters.dim() - 1.0);
        double width = Math.max(high - low, 0.001);
        double[] frequencies = DefaultRope.inverseFrequencies(parameters);
        for (int i = 0; i < frequencies.length; i++) {
            double interpolate = Math.max(0, Math.min(1, (i - low) / width));
            frequencies[i] *= interpolate / factor + (1 - interpolate);
        }
        return new Rotation(frequencies, attentionFactor(parameters, factor));
    }

    /** The dimension whose wave turns {@code turns} times within the trained length. */
    private static double boundary(RopeParameters parameters, double turns, double trained) {
        return parameters.dim() * Math.log(trained / (turns * 2 * Math.PI)) / (2 * Math.log(parameters.theta()));
    }

    private static double attentionFactor(RopeParameters parameters, double factor) {
        double scale = parameters.optional("mscale", 0);
        double scaleAll = parameters.optional("mscale_all_dim", 0);
        double computed = scale > 0 && scaleAll > 0
                ? magnitude(factor, scale) / magnitude(factor, scaleAll)
                : magnitude(factor, 1);
        return parameters.optional("attention_factor", computed);
    }

    static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }
}
