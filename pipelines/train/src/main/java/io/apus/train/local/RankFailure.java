package io.apus.train.local;

/** A rank ended without a result. */
public final class RankFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RankFailure(String message) {
        super(message);
    }
}
