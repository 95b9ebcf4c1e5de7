package io.apus.corpus.tokenize.bpe;

/** A word as UTF-8, and which of its characters each byte belongs to. For one thread at a time. */
final class CharPlaces {
    private byte[] bytes = new byte[256];
    /** The UTF-16 index in the word of the character that each byte belongs to. */
    private int[] chars = new int[257];

    private int length;

    /** Reads the characters [start, stop), in which all surrogates are paired. */
    void read(char[] text, int start, int stop) {
        length = 0;
        if (bytes.length < 3 * (stop - start)) {
            bytes = new byte[4 * (stop - start)];
            chars = new int[bytes.length + 1];
        }
        for (int i = start; i < stop; i++) {
            char c = text[i];
            if (c < 0x80) {
                put(c, i - start);
            } else if (c < 0x800) {
                put(0xc0 | c >> 6, i - start);
                put(0x80 | (c & 0x3f), i - start);
            } else if (!Character.isSurrogate(c)) {
                put(0xe0 | c >> 12, i - start);
                put(0x80 | (c >> 6 & 0x3f), i - start);
                put(0x80 | (c & 0x3f), i - start);
            } else {
                int codePoint = Character.toCodePoint(c, text[i + 1]);
                put(0xf0 | codePoint >> 18, i - start);
                put(0x80 | (codePoint >> 12 & 0x3f), i - start);
                put(0x80 | (codePoint >> 6 & 0x3f), i - start);
                put(0x80 | (codePoint & 0x3f), i - start);
                i++;
            }
        }
        chars[length] = stop - start;
    }

    private void put(int value, int at) {
        bytes[length] = (byte) value;
        chars[length++] = at;
    }

    /** How many bytes the word has. */
    int length() {
        return length;
    }

    /** The word's bytes, and more behind them. */
    byte[] bytes() {
        return bytes;
    }

    /** The character of the byte at {@code at}. */
    int start(int at) {
        return chars[at];
    }

    /** The character behind that of the byte before {@code at}, which is above 0. */
    int end(int at) {
        int next = at;
        while (next < length && chars[next] == chars[at - 1]) {
            next++;
        }
        return chars[next];
    }
}
