package io.apus.schemas.data;

/**
 * One measured item of an evaluation; a task's value is the mean of {@code value} weighted by {@code weight}.
 *
 * @param task name of the evaluation set, e.g. {@code held_out}
 * @param kind perplexity, multiple_choice or generation
 * @param metric loss, token_acc, acc, exact_match ...
 * @param item id of the item in its set
 * @param value the item's value
 * @param weight what it counts for: tokens for loss and token_acc, 1 otherwise
 * @param prompt what the model was given, as text; empty where there is none
 * @param prediction what it answered; empty where nothing was generated
 * @param reference the right answer; empty where there is none
 */
public record Score(
        String task,
        String kind,
        String metric,
        String item,
        double value,
        double weight,
        String prompt,
        String prediction,
        String reference) {}
