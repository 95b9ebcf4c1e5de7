package io.apus.corpus.tokenize.bpe.split;

/** A part of a pattern with all that follows it. Immutable once built: several threads match at once. */
abstract class Node {
    /** Every letter: what a part that may match nothing can stand before. */
    static final long ANY = -1L;

    /** The end of a pattern: matches nothing, always. */
    static final Node END = new Node() {
        @Override
        int match(char[] text, int at, int end) {
            return at;
        }

        @Override
        long first() {
            return ANY;
        }
    };

    /** Where the match of this and all that follows ends when it begins at {@code at}; -1 where it does not match. */
    abstract int match(char[] text, int at, int end);

    /** The letters that a match can begin with; the bit of surrogates is always set, {@link #ANY} for a match that may be empty. */
    abstract long first();
}
