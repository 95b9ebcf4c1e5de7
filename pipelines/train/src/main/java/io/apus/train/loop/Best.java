package io.apus.train.loop;

/**
 * The best checkpoint so far.
 *
 * @param step steps done when it was saved
 * @param metric what it was chosen by
 */
public record Best(int step, double metric) {}
