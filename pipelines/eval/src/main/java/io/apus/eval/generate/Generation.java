package io.apus.eval.generate;

/**
 * What a model wrote.
 *
 * @param ids generated token ids, without the stop id
 * @param finish why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // ids are handed over, never compared
public record Generation(int[] ids, Finish finish) {
    /** Why a generation ended: a stop id came, or the tokens allowed (or the model's context) were used up. */
    public enum Finish {
        STOP,
        LENGTH
    }
}
