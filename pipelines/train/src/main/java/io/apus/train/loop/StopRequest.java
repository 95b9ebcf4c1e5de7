package io.apus.train.loop;

import java.util.function.BooleanSupplier;

/** The wish to end before the last step. Any rank may have it; the ranks count it with a step's statistics, so that all see it at once. */
public final class StopRequest {
    private final BooleanSupplier wanted;
    private boolean agreed;

    public StopRequest(BooleanSupplier wanted) {
        this.wanted = wanted;
    }

    /** This rank's vote, to be added up over the ranks. */
    double vote() {
        return wanted.getAsBoolean() ? 1 : 0;
    }

    /** Takes the sum of all votes. */
    void counted(double votes) {
        agreed = votes > 0;
    }

    /** True on all ranks or on none. */
    boolean agreed() {
        return agreed;
    }
}
