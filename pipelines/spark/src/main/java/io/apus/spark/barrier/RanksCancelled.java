package io.apus.spark.barrier;

/** The ranks' job was cancelled, or their session stopped, by somebody else: no rank failed. */
public final class RanksCancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RanksCancelled(Throwable told) {
        super(told.getMessage(), told);
    }
}
