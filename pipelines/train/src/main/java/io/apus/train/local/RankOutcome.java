package io.apus.train.local;

import io.apus.schemas.UserError;
import io.apus.train.TrainResult;

/**
 * How a rank ended, as it wrote it down.
 *
 * @param result null unless it succeeded
 * @param message of its error, empty when it succeeded
 */
record RankOutcome(int rank, Kind kind, String message, TrainResult result) {
    /** In the order in which they explain a failed run. */
    enum Kind {
        USER_ERROR,
        BUG,
        KILLED,
        LOST_PEER,
        DONE
    }

    RuntimeException exception() {
        return kind == Kind.USER_ERROR ? UserError.ofLine(message) : new RankFailure("rank " + rank + ": " + message);
    }
}
