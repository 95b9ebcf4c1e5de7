package io.apus.train.loop;

/**
 * One evaluation over the validation rows.
 *
 * @param loss mean loss of their targets
 * @param tokenAccuracy share of targets that the model ranked first
 * @param tokens tokens read
 * @param seconds wall-clock duration
 */
public record Evaluation(double loss, double tokenAccuracy, long tokens, double seconds) {}
