package io.apus.tensor.collective;

/** An operation among ranks that could not be ended, because a rank is gone, late or did something else. */
public final class CollectiveFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CollectiveFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
