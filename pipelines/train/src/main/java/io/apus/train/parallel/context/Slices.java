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

    /** {@code count} neighbouring slices from {@code first} as one. */
    TokenShare.Range of(int first, int count) {
        return new TokenShare.Range(start(first), start(first + count));
    }

    /** Tokens of each of {@code count} slices from {@code first}. */
    long[] sizes(int first, int count) {
        long[] sizes = new long[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = of(first + i).count();
        }
        return sizes;
    }
}
