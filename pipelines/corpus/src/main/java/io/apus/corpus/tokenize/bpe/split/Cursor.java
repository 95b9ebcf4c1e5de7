package io.apus.corpus.tokenize.bpe.split;

/** A place in the text of a pattern. */
final class Cursor {
    private static final int MOST_GROUPS = 32;

    private final String text;
    private int at;
    private int groups;

    Cursor(String text) {
        this.text = text;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** Whether the text goes on with {@code ahead}. */
    boolean sees(String ahead) {
        return text.startsWith(ahead, at);
    }

    /** Steps behind {@code expected} if the text goes on with it. */
    boolean takes(String expected) {
        boolean isThere = sees(expected);
        at += isThere ? expected.length() : 0;
        return isThere;
    }

    /** The next code point, which it steps behind. */
    int next() throws NotSupported {
        if (isAtEnd()) {
            throw new NotSupported("its pattern ends too early: " + text);
        }
        int codePoint = text.codePointAt(at);
        at += Character.charCount(codePoint);
        return codePoint;
    }

    /** The text up to {@code mark}, which it steps behind. */
    String until(char mark) throws NotSupported {
        int from = at;
        while (next() != mark) {}
        return text.substring(from, at - 1);
    }

    /** Counts a group or a class: nobody splits words with hundreds of them in each other. */
    void beginGroup() throws NotSupported {
        if (++groups > MOST_GROUPS) {
            throw refusal("more than " + MOST_GROUPS + " groups");
        }
    }

    NotSupported refusal(String what) {
        return new NotSupported("its pattern has " + what + " before its character " + at + ": " + text);
    }
}
