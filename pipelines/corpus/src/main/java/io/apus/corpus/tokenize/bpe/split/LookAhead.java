package io.apus.corpus.tokenize.bpe.split;

/** Lets through only where a pattern matches ahead, or only where it does not. */
final class LookAhead extends Node {
    private final Node ahead;
    private final boolean isWanted;
    private final Node next;

    LookAhead(Node ahead, boolean isWanted, Node next) {
        this.ahead = ahead;
        this.isWanted = isWanted;
        this.next = next;
    }

    @Override
    int match(char[] text, int at, int end) {
        return ahead.match(text, at, end) >= 0 == isWanted ? next.match(text, at, end) : -1;
    }

    @Override
    long first() {
        return next.first();
    }
}
