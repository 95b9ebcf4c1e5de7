package io.apus.train.parallel.device;

/**
 * A part of a model that stays together.
 *
 * @param bytes of its weights, and of the gradients and optimiser states of what it trains
 */
public record Layer(String name, long bytes) {}
