package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One thing that a mapping does to a row. */
public interface RowStep {
    /**
     * Changes the columns of {@code row}.
     *
     * @param draws where chance decides
     * @throws StepFailure if the row is not as the step needs it, or is not wanted
     */
    void apply(ObjectNode row, Draws draws);

    /** What it does, in words. */
    String words();

    /** How many rows it makes of each stored one. */
    default int views() {
        return 1;
    }
}
