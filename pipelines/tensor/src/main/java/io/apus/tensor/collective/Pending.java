package io.apus.tensor.collective;

/** An operation under way among the ranks. */
public interface Pending {
    /** Whether {@link #await()} would return without waiting. */
    boolean done();

    /** Waits until the operation has ended; throws {@link CollectiveFailure} when a rank is lost or late. */
    void await();

    /** This operation with {@code last} at the end of its waiting. */
    default Pending then(Runnable last) {
        Pending first = this;
        return new Pending() {
            @Override
            public boolean done() {
                return first.done();
            }

            @Override
            public void await() {
                first.await();
                last.run();
            }
        };
    }
}
