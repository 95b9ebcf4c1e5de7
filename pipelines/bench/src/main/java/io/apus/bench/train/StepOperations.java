package io.apus.bench.train;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;

/**
 * Arithmetic of a training step as Kaplan et al. (2020) count it: six operations a matrix parameter and token, four where it does not
 * learn, and causal attention within each sample. What checkpointing computes twice counts once.
 */
public final class StepOperations {
    private static final int PER_WEIGHT = 4;
    private static final int PER_LEARNED = 6;
    private static final int FORWARD_AND_BACKWARD = 3;

    private StepOperations() {}

    /** Operations of one step of {@code model} on one row. */
    public static double of(DecoderModel model, Batch batch) {
        double weights = 0;
        boolean tied = model.head().tied();
        for (Parameter parameter : model.parameters().values()) {
            boolean looked = !tied && parameter == model.embedding().weight();
            boolean multiplied = parameter.shape().length >= 2 && !looked;
            weights += multiplied ? (double) parameter.count() * (parameter.trainable() ? PER_LEARNED : PER_WEIGHT) : 0;
        }
        ModelConfig config = model.config();
        double width = (double) config.numAttentionHeads() * config.headDim();
        double attention = FORWARD_AND_BACKWARD * 4 * width * config.numHiddenLayers() * batch.pairs();
        return weights * batch.tokens() + attention;
    }
}
