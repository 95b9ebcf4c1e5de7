package io.apus.eval.score;

/**
 * What a model gives one held-out sample.
 *
 * @param sample id of the sample
 * @param lossSum sum over its supervised tokens of weight x negative log-likelihood (natural logarithm)
 * @param weightSum sum of those weights
 * @param correct supervised tokens that were the most probable ones
 * @param targets supervised tokens
 */
public record SampleLoss(String sample, double lossSum, double weightSum, long correct, long targets) {}
