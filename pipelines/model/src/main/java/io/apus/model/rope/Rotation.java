package io.apus.model.rope;

/**
 * What a scaling yields.
 *
 * @param inverseFrequencies radians per position of each pair of dimensions
 * @param attentionFactor multiplies cosines and sines
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Rotation(double[] inverseFrequencies, double attentionFactor) {}
