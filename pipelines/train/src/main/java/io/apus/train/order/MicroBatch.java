package io.apus.train.order;

/**
 * The rows of one forward pass.
 *
 * @param index its number within the step's global batch, whichever rank does it
 * @param rows row numbers in the shards
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a list would box every row number
public record MicroBatch(int index, int[] rows) {}
