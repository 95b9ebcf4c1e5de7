package io.apus.corpus.tokenize.bpe;

import java.nio.charset.StandardCharsets;

/**
 * Reads UTF-8 with mistakes as Unicode recommends ("substitution of maximal subparts", Unicode 16, section 3.9) and Rust does; the JDK
 * makes one U+FFFD of a broken character at the end where there should be two.
 */
final class LossyUtf8 {
    private LossyUtf8() {}

    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : carefully(bytes);
    }

    private static String carefully(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int open = 0;
        for (int at = 0; at < bytes.length; ) {
            int length = length(bytes[at] & 0xff);
            int right = rightBytes(bytes, at, length);
            if (right == length) {
                at += length;
                continue;
            }
            text.append(new String(bytes, open, at - open, StandardCharsets.UTF_8))
                    .append('\ufffd');
            at += right;
            open = at;
        }
        return text.append(new String(bytes, open, bytes.length - open, StandardCharsets.UTF_8))
                .toString();
    }

    /** Bytes of the character that {@code first} begins; 0 where it begins none. */
    private static int length(int first) {
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    /** How many bytes could be the head of a character of {@code length} bytes; 1 for a byte that begins none. */
    private static int rightBytes(byte[] bytes, int at, int length) {
        int right = 1;
        while (right < length && at + right < bytes.length && follows(bytes, at, right)) {
            right++;
        }
        return right;
    }

    /** The second byte also keeps out overlong forms, surrogates and what is above U+10FFFF. */
    private static boolean follows(byte[] bytes, int at, int index) {
        int value = bytes[at + index] & 0xff;
        int first = index == 1 ? bytes[at] & 0xff : 0;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return value >= least && value <= most;
    }
}
