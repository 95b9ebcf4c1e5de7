package io.apus.train;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.shards.ShardReader;

/**
 * Arithmetic of training as Kaplan et al. (2020) count it: two operations a matrix parameter and token forward, two for the gradient of
 * the input and two for that of the parameter, the last only where it is trained; and causal attention within each sample.
 */
final class OperationCount {
    private static final int FORWARD_AND_INPUT = 4;
    private static final int WEIGHT_GRADIENT = 2;

    private OperationCount() {}

    /** Operations for one token of the rows in {@code data}, on average. */
    static double perToken(DecoderModel model, ShardReader data) {
        double matrices = 0;
        boolean tied = model.head().tied();
        String embedding = model.embedding().weight().name();
        for (Parameter parameter : model.parameters().values()) {
            if (parameter.shape().length >= 2 && (tied || !parameter.name().equals(embedding))) {
                matrices += (double) parameter.count()
                        * (FORWARD_AND_INPUT + (parameter.trainable() ? WEIGHT_GRADIENT : 0));
            }
        }
        return matrices + attention(model.config(), data);
    }

    /** Scores and mixing cost 2 x heads x headDim each for every pair of a token and one before it; backward costs twice the forward. */
    private static double attention(ModelConfig config, ShardReader data) {
        double pairs = 0;
        double tokens = 0;
        for (long row = 0; row < data.rows(); row++) {
            for (int length : data.tokens(row).segmentLengths()) {
                pairs += (double) length * (length + 1) / 2;
                tokens += length;
            }
        }
        double width = (double) config.numAttentionHeads() * config.headDim();
        return tokens == 0 ? 0 : 3 * 4 * width * config.numHiddenLayers() * pairs / tokens;
    }
}
