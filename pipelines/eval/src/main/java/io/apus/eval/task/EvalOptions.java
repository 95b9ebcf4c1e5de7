package io.apus.eval.task;

/**
 * How items are measured.
 *
 * @param maxNewTokens most tokens generated for one item
 * @param temperature 0 is greedy
 * @param seed decides the draws when the temperature is above 0
 */
public record EvalOptions(int maxNewTokens, double temperature, long seed) {}
