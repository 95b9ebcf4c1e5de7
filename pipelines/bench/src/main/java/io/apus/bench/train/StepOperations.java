package io.apus.bench.train;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;

/**
 * Arithmetic of a training step as Kaplan et al. (2020) count it: six operations a matrix parameter and token, and causal attention within
 * each sample. What checkpointing computes twice counts once.
 */
final class StepOperations {
    private static final int PER_WEIGHT = 6;
    private static final int FORWARD_AND_BACKWARD = 3;

    private StepOperations() {}

    static double of(DecoderModel model, Batch batch) {
        double weights = 0;
        for (Parameter parameter : model.parameters().values()) {
            weights += parameter.shape().length >= 2 ? parameter.count() : 0;
        }
        ModelConfig config = model.config();
        double width = (double) config.numAttentionHeads() * config.headDim();
        double attention = FORWARD_AND_BACKWARD * 4 * width * config.numHiddenLayers() * batch.pairs();
        return PER_WEIGHT * weights * batch.tokens() + attention;
    }
}
