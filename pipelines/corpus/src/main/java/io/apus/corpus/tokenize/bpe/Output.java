package io.apus.corpus.tokenize.bpe;

import java.util.Arrays;

/** Collects tokens. For one thread at a time. */
final class Output {
    private static final int[] NONE = {};

    private final boolean withPlaces;
    private int[] ids = new int[1024];
    private int[] starts;
    private int[] ends;
    private int count;

    Output(boolean withPlaces) {
        this.withPlaces = withPlaces;
        starts = withPlaces ? new int[1024] : NONE;
        ends = withPlaces ? new int[1024] : NONE;
    }

    boolean withPlaces() {
        return withPlaces;
    }

    /** Makes room for more tokens. */
    void reserve(int more) {
        if (count + more > ids.length) {
            int size = Math.max(count + more, 2 * ids.length);
            ids = Arrays.copyOf(ids, size);
            starts = withPlaces ? Arrays.copyOf(starts, size) : NONE;
            ends = withPlaces ? Arrays.copyOf(ends, size) : NONE;
        }
    }

    /** Adds a token without a place; there must be room. */
    void add(int id) {
        ids[count++] = id;
    }

    /** Adds a token that stands for the characters [start, end); there must be room. */
    void add(int id, int start, int end) {
        if (withPlaces) {
            starts[count] = start;
            ends[count] = end;
        }
        ids[count++] = id;
    }

    /** How many tokens were collected. */
    int count() {
        return count;
    }

    /** Tokens from {@code from} on that begin before {@code start} begin there, and end at {@code end} if they would not end behind it. */
    void moveInto(int from, int start, int end) {
        for (int i = from; withPlaces && i < count && starts[i] < start; i++) {
            starts[i] = start;
            ends[i] = Math.max(ends[i], end);
        }
    }

    /** The tokens collected; what follows begins anew. */
    Tokens take() {
        Tokens tokens = withPlaces
                ? new Tokens(Arrays.copyOf(ids, count), Arrays.copyOf(starts, count), Arrays.copyOf(ends, count))
                : new Tokens(Arrays.copyOf(ids, count), NONE, NONE);
        count = 0;
        return tokens;
    }
}
