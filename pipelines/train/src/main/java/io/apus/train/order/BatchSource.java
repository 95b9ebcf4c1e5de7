package io.apus.train.order;

/** Where a trainer's batches come from. */
public interface BatchSource {
    /** The global batch of a step, counted from 0 over the whole run. */
    GlobalBatch batch(int step);

    /** The tokens of some rows, in the order given. */
    RowTokens load(int[] rows);
}
