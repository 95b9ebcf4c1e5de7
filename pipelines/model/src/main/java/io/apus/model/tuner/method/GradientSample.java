package io.apus.model.tuner.method;

/**
 * How much data the start of a tuner looks at: the gradient of the model as it is, a mean over batches.
 *
 * @param batches how many
 * @param rows of each batch
 * @param maxLength tokens of a row that count
 */
public record GradientSample(int batches, int rows, int maxLength) {}
