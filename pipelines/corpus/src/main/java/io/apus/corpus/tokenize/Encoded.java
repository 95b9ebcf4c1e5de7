package io.apus.corpus.tokenize;

/**
 * Token ids of a text with their places in it.
 *
 * @param ids token ids, length T
 * @param starts first character (UTF-16) that each token stands for, length T, ascending
 * @param ends the character behind its last one, length T; tokens that are parts of one character share its bounds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; wrapping would copy every text's tokens
public record Encoded(int[] ids, int[] starts, int[] ends) {
    public int length() {
        return ids.length;
    }

    /** Index of the first token that reaches behind {@code position}; T where none does. */
    public int firstTokenBehind(int position) {
        for (int i = 0; i < ids.length; i++) {
            if (ends[i] > position) {
                return i;
            }
        }
        return ids.length;
    }
}
