package io.apus.corpus.tokenize.bpe;

/**
 * Merges the tokens of one word: always the pair of the lowest rank, the leftmost of equals (Sennrich et al. 2016, "Neural Machine
 * Translation of Rare Words with Subword Units"). For one thread at a time.
 */
final class Merger {
    /** Up to so many tokens looking at all pairs is quicker than keeping them in order. */
    private static final int SHORT = 96;

    private final Merges merges;
    private int[] ids = new int[SHORT];
    private int[] ends = new int[SHORT];
    private int[] ranks = new int[SHORT];
    private int count;

    Merger(Merges merges) {
        this.merges = merges;
    }

    /** Starts a word with room for {@code bytes} tokens. */
    void clear(int bytes) {
        count = 0;
        if (ids.length < bytes) {
            int size = Math.max(bytes, 2 * ids.length);
            ids = new int[size];
            ends = new int[size];
            ranks = new int[size];
        }
    }

    /** Adds the token of one byte. */
    void add(int id) {
        ids[count] = id;
        ends[count] = ++count;
    }

    /** Merges as far as it goes. */
    void merge() {
        if (count > SHORT) {
            count = new LongWord(merges, ids, ends, count).merge();
            return;
        }
        for (int i = 0; i + 1 < count; i++) {
            ranks[i] = merges.rank(ids[i], ids[i + 1]);
        }
        while (count > 1) {
            int best = 0;
            for (int i = 1; i < count - 1; i++) {
                best = ranks[i] < ranks[best] ? i : best;
            }
            if (ranks[best] == Merges.NONE) {
                return;
            }
            apply(best);
        }
    }

    private void apply(int at) {
        ids[at] = merges.merged(ranks[at]);
        int moved = count - at - 2;
        System.arraycopy(ids, at + 2, ids, at + 1, moved);
        System.arraycopy(ends, at + 1, ends, at, moved + 1);
        if (moved > 0) {
            System.arraycopy(ranks, at + 2, ranks, at + 1, moved - 1);
            ranks[at] = merges.rank(ids[at], ids[at + 1]);
        }
        if (at > 0) {
            ranks[at - 1] = merges.rank(ids[at - 1], ids[at]);
        }
        count--;
    }

    /** How many tokens the word has. */
    int count() {
        return count;
    }

    int id(int index) {
        return ids[index];
    }

    /** The byte of the word behind a token's last. */
    int end(int index) {
        return ends[index];
    }

    /** Makes the whole word one token. */
    void replace(int id, int bytes) {
        ids[0] = id;
        ends[0] = bytes;
        count = 1;
    }
}
