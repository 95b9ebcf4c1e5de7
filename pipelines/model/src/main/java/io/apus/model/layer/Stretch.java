package io.apus.model.layer;

/**
 * Which of a decoder's layers a model has, where it has not all of them: neighbouring ones, with what comes before the first and after the last layer.
 *
 * @param first number of its first block
 * @param embeds whether it begins with tokens, not with states
 * @param predicts whether it ends with the final norm and the output head
 * @param learnsBefore whether anything before its first block is trained elsewhere
 */
public record Stretch(int first, boolean embeds, boolean predicts, boolean learnsBefore) {
    /** Everything. */
    public static final Stretch WHOLE = new Stretch(0, true, true, false);
}
