package io.apus.corpus.tokenize;

import java.text.Normalizer;

/**
 * Finds the characters of the tokens of a byte-level tokenizer from the number of bytes of each token alone: far cheaper than asking the
 * native library for them.
 */
final class ByteOffsets {
    private final int[] byteLengths;

    /** {@code byteLengths[id]} is how many bytes of UTF-8 a token stands for. */
    ByteOffsets(int[] byteLengths) {
        this.byteLengths = byteLengths;
    }

    /** The tokens with their places; null where they do not cover the text exactly (it was normalised, or a token strips spaces). */
    Encoded placeOrNull(String text, int[] ids) {
        if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            return null;
        }
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int chars = 0;
        int bytes = 0;
        int reached = 0;
        for (int i = 0; i < ids.length; i++) {
            int from = reached;
            reached += byteLengths[ids[i]];
            while (chars < text.length() && bytes + utf8Length(text, chars) <= from) {
                bytes += utf8Length(text, chars);
                chars += Character.charCount(text.codePointAt(chars));
            }
            starts[i] = chars;
            int end = chars;
            int endBytes = bytes;
            while (end < text.length() && endBytes < reached) {
                endBytes += utf8Length(text, end);
                end += Character.charCount(text.codePointAt(end));
            }
            ends[i] = end;
            if (endBytes < reached) {
                return null;
            }
        }
        boolean isCovered = ids.length == 0
                ? text.isEmpty()
                : ends[ids.length - 1] == text.length() && reached == bytes + rest(text, chars);
        return isCovered ? new Encoded(ids, starts, ends) : null;
    }

    private static int rest(String text, int from) {
        int bytes = 0;
        for (int i = from; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            bytes += utf8Length(text, i);
        }
        return bytes;
    }

    private static int utf8Length(String text, int index) {
        char c = text.charAt(index);
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 ? 2 : Character.isHighSurrogate(c) ? 4 : 3;
    }
}
