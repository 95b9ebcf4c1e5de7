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
        return kind == Kind.USER_ERROR ? userError(message) : new RankFailure("rank " + rank + ": " + message);
    }

    /** A user error's line, taken apart again at the first colon. */
    private static UserError userError(String line) {
        int colon = line.indexOf(": ");
        String rest = line.substring(colon + 2);
        String cause = rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
        return new UserError(line.substring(0, colon), cause, "");
    }
}
