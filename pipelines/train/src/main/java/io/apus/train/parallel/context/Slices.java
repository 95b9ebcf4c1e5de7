package io.apus.train.parallel.context;

import io.apus.model.layer.TokenShare;
import io.apus.schemas.UserError;

/** Tokens in neighbouring slices, one a rank, whose sizes differ by one at most. */
record Slices(int tokens, int ranks) {
    Slices {
        if (tokens < ranks) {
            throw new UserError(
                    "Cannot share the tokens of a row",
                    "a row of " + tokens + " tokens does not go round " + ranks + " ranks",
                    "Lower sequence_parallel_size (parallel cp), or pack longer rows.");
        }
    }

    TokenShare.Range of(int rank) {
        return new TokenShare.Range(start(rank), start(rank + 1));
    }

    private int start(int rank) {
        return Math.toIntExact((long) tokens * rank / ranks);
    }

    /** Tokens of each slice. */
    long[] sizes() {
        long[] sizes = new long[ranks];
        for (int rank = 0; rank < ranks; rank++) {
            sizes[rank] = of(rank).count();
        }
        return sizes;
    }
}
