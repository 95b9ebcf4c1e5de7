package io.apus.tensor.collective;

/** An operation under way among the ranks. */
public interface Pending {
    /** Whether {@link #await()} would return without waiting. */
    boolean done();

    /** Waits until the operation has ended; throws {@link CollectiveFailure} when a rank is lost or late. */
    void await();
}
