package io.apus.corpus.vocabulary;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's way of writing every byte as one visible character: printable Latin-1 characters stand for themselves, the other 68 bytes get
 * the characters from U+0100 on, in order.
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = new char[256];
    private static final int[] SYMBOLS = new int[256];
    private static final String[] TOKENS = new String[256];

    static {
        int next = 256;
        for (int value = 0; value < 256; value++) {
            CHARACTERS[value] = (char) (isVisible(value) ? value : next++);
        }
        int symbol = 0;
        for (int code = 0; code < next; code++) {
            for (int value = 0; value < 256; value++) {
                if (CHARACTERS[value] == code) {
                    TOKENS[symbol] = String.valueOf(CHARACTERS[value]);
                    SYMBOLS[value] = symbol++;
                }
            }
        }
    }

    private ByteAlphabet() {}

    private static boolean isVisible(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }

    /** The token of a symbol; symbols 0 to 255 are numbered in the order of their characters. */
    static String token(int symbol) {
        return TOKENS[symbol];
    }

    /** The symbols of a text's UTF-8 bytes. */
    static int[] symbols(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = SYMBOLS[bytes[i] & 0xFF];
        }
        return symbols;
    }
}
