package io.apus.corpus.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's way of writing every byte as one visible character: printable Latin-1 characters stand for themselves, the other 68 bytes for
 * the characters from U+0100 on, in order.
 */
final class ByteLetters {
    private static final char[] OF_BYTE = new char[256];
    private static final short[] BYTE_OF = new short[256 + 68];

    static {
        Arrays.fill(BYTE_OF, (short) -1);
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean isVisible = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
            OF_BYTE[value] = (char) (isVisible ? value : next++);
            BYTE_OF[OF_BYTE[value]] = (short) value;
        }
    }

    private ByteLetters() {}

    /** The character of a byte, 0 to 255. */
    static char of(int value) {
        return OF_BYTE[value];
    }

    /** Whether each of a token's characters stands for a byte. */
    static boolean areAll(String token) {
        return token.chars().allMatch(c -> c < BYTE_OF.length && BYTE_OF[c] >= 0);
    }

    /** The bytes that a token stands for: its own UTF-8 where one of its characters is no byte's. */
    static byte[] bytes(String token) {
        if (!areAll(token)) {
            return token.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) BYTE_OF[token.charAt(i)];
        }
        return bytes;
    }
}
