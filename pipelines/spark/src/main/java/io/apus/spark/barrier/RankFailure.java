package io.apus.spark.barrier;

import io.apus.schemas.UserError;
import io.apus.schemas.World;

/**
 * The error of one rank, as its own code threw it: the message says which rank and where, the cause (or, where that cannot travel,
 * the stack trace) is the rank's.
 */
public final class RankFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int rank;
    private final long failedAt;
    private final boolean peerBlamed;

    private RankFailure(int rank, long failedAt, boolean peerBlamed, String message, Throwable cause) {
        super(message, cause);
        this.rank = rank;
        this.failedAt = failedAt;
        this.peerBlamed = peerBlamed;
    }

    static RankFailure of(World world, Throwable fault, boolean peerBlamed) {
        String endpoint = world.endpoints().get(world.rank());
        String message = "rank " + world.rank() + " of " + world.size() + " (on " + BarrierWorld.host(endpoint)
                + ") failed: " + fault;
        return new RankFailure(world.rank(), System.currentTimeMillis(), peerBlamed, message, fault);
    }

    /** A failure whose exception could not be carried to the driver; {@code text} is its message and stack trace. */
    static RankFailure ofText(int rank, String text) {
        return new RankFailure(rank, System.currentTimeMillis(), false, "rank " + rank + " failed: " + text, null);
    }

    public int rank() {
        return rank;
    }

    /** Whether it only says that another rank went away. */
    boolean peerBlamed() {
        return peerBlamed;
    }

    /** Orders failures by how much they explain: a rank's own fault before one that blames a peer, then the earlier one. */
    static int byGuilt(RankFailure a, RankFailure b) {
        int own = Boolean.compare(a.peerBlamed, b.peerBlamed);
        return own != 0 ? own : Long.compare(a.failedAt, b.failedAt);
    }

    /** What to throw on the driver: the user error that lies at the bottom of it, or this. */
    RuntimeException toThrow() {
        for (Throwable cause = this; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserError mistake) {
                return mistake;
            }
        }
        return this;
    }
}
