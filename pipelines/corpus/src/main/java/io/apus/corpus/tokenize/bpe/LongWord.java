package io.apus.corpus.tokenize.bpe;

/** Merges a word of many tokens in n log n steps: the pairs wait in a queue, the tokens are a list with links. */
final class LongWord {
    private static final int GONE = -1;

    private final Merges merges;
    private final int[] ids;
    private final int[] ends;
    private final int count;
    private final int[] previous;
    private final int[] next;
    private final LongQueue queue;

    /** Works in {@code ids} and {@code ends}, of which {@code count} are used. */
    LongWord(Merges merges, int[] ids, int[] ends, int count) {
        this.merges = merges;
        this.ids = ids;
        this.ends = ends;
        this.count = count;
        this.previous = new int[count];
        this.next = new int[count];
        this.queue = new LongQueue(count);
        for (int i = 0; i < count; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
    }

    /** How many tokens are left, at the head of the arrays. */
    int merge() {
        for (int i = 0; i + 1 < count; i++) {
            offer(i);
        }
        while (!queue.isEmpty()) {
            long pair = queue.poll();
            int at = (int) pair;
            if (ids[at] == GONE || next[at] == count) {
                continue;
            }
            int rank = merges.rank(ids[at], ids[next[at]]);
            if (rank != Merges.NONE && rank == pair >>> 32) {
                apply(at, merges.merged(rank));
            }
        }
        return close();
    }

    /** A pair waits under its rank and its place; one that has changed meanwhile has another rank. */
    private void offer(int at) {
        int rank = merges.rank(ids[at], ids[next[at]]);
        if (rank != Merges.NONE) {
            queue.offer((long) rank << 32 | at);
        }
    }

    private void apply(int at, int id) {
        int right = next[at];
        ids[at] = id;
        ends[at] = ends[right];
        ids[right] = GONE;
        next[at] = next[right];
        if (next[at] < count) {
            previous[next[at]] = at;
            offer(at);
        }
        if (previous[at] >= 0) {
            offer(previous[at]);
        }
    }

    private int close() {
        int left = 0;
        for (int at = 0; at < count; at = next[at]) {
            ids[left] = ids[at];
            ends[left++] = ends[at];
        }
        return left;
    }
}
