package io.apus.corpus.tokenize.bpe.split;

/** Characters of one set, as many as there are between two bounds, and fewer where what follows needs them. */
final class Repeat extends Node {
    private final byte[] letters;
    private final long mask;
    private final int least;
    private final int most;
    private final boolean isPossessive;
    private final Node next;
    private final long first;

    /** {@code isPossessive}: what was matched is never given back. */
    Repeat(byte[] letters, long mask, int least, int most, boolean isPossessive, Node next) {
        this.letters = letters;
        this.mask = mask;
        this.least = least;
        this.most = most;
        this.isPossessive = isPossessive || next == END;
        this.next = next;
        this.first = least > 0 ? mask | 1L << Alphabet.SURROGATE : mask | next.first();
    }

    @Override
    int match(char[] text, int at, int end) {
        int count = 0;
        int position = at;
        while (count < most && position < end) {
            char c = text[position];
            int letter = letters[c];
            if ((mask >>> letter & 1) != 0) {
                position++;
            } else if (letter == Alphabet.SURROGATE && holdsPair(c, text[position + 1])) {
                position += 2;
            } else {
                break;
            }
            count++;
        }
        if (count < least) {
            return -1;
        }
        return isPossessive ? next.match(text, position, end) : givingBack(text, position, count, end);
    }

    private int givingBack(char[] text, int from, int taken, int end) {
        int position = from;
        for (int count = taken; ; count--) {
            int found = next.match(text, position, end);
            if (found >= 0 || count == least) {
                return found;
            }
            position -= Character.isLowSurrogate(text[position - 1]) ? 2 : 1;
        }
    }

    private boolean holdsPair(char high, char low) {
        return (mask >>> letters[Character.toCodePoint(high, low)] & 1) != 0;
    }

    @Override
    long first() {
        return first;
    }
}
