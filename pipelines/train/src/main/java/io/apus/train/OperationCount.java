package io.apus.train;

import io.apus.model.DecoderModel;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenMixer;
import io.apus.shards.ShardReader;
import java.util.HashMap;
import java.util.Map;

/**
 * Arithmetic of training as Kaplan et al. (2020) count it: two operations a matrix parameter and token forward, two for the gradient of
 * the input and two for that of the parameter, the last only where it is trained; and causal attention within each sample.
 */
final class OperationCount {
    private static final int FORWARD_AND_INPUT = 4;
    private static final int WEIGHT_GRADIENT = 2;
    /** Rows that are looked at, evenly spaced: more would not change the average, and a training set may have millions. */
    private static final long SAMPLE = 4096;

    private OperationCount() {}

    /** Operations for one token of the rows in {@code data}, on average. */
    static double perToken(DecoderModel model, ShardReader data) {
        double matrices = 0;
        boolean tied = model.head().tied();
        String embedding = model.embedding().weight().name();
        Map<String, Double> shares = shares(model);
        for (Parameter parameter : model.parameters().values()) {
            if (parameter.shape().length >= 2 && (tied || !parameter.name().equals(embedding))) {
                matrices += parameter.count()
                        * shares.getOrDefault(parameter.name(), 1.0)
                        * (FORWARD_AND_INPUT + (parameter.trainable() ? WEIGHT_GRADIENT : 0));
            }
        }
        return matrices + attention(model, data);
    }

    /** Of parameters that only some tokens meet, such as experts: the share that meets one. */
    private static Map<String, Double> shares(DecoderModel model) {
        Map<String, Double> shares = new HashMap<>();
        for (DecoderBlock block : model.blocks()) {
            FeedForward.Sparse sparse = block.mlp().sparse();
            sparse.parameters().forEach(parameter -> shares.put(parameter.name(), sparse.share()));
        }
        return shares;
    }

    /** Scores cost 2 x heads x size of a key, mixing 2 x heads x size of a value, for every pair of a token and one before it; backward costs twice the forward. */
    private static double attention(DecoderModel model, ShardReader data) {
        double pairs = 0;
        double tokens = 0;
        long stride = Math.max(1, data.rows() / SAMPLE);
        for (long row = 0; row < data.rows(); row += stride) {
            for (int length : data.tokens(row).segmentLengths()) {
                pairs += (double) length * (length + 1) / 2;
                tokens += length;
            }
        }
        double width = 0;
        for (DecoderBlock block : model.blocks()) {
            TokenMixer.CacheShape shape = block.mixer().cacheShape();
            // A mixer that keeps no values rates no pairs of tokens.
            boolean pairwise = shape.valueDim() > 0;
            width += !pairwise ? 0 : (double) model.config().numAttentionHeads() * (shape.keyDim() + shape.valueDim());
        }
        return tokens == 0 ? 0 : 3 * 2 * width * pairs / tokens;
    }
}
