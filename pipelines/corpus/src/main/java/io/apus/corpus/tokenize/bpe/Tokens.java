package io.apus.corpus.tokenize.bpe;

/**
 * The tokens of a text.
 *
 * @param ids token ids, length T
 * @param starts first character (UTF-16) that each token stands for, length T, ascending; empty where places were not asked for
 * @param ends the character behind its last one, like {@code starts}; tokens that are parts of one character share its bounds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; wrapping would copy every text's tokens
public record Tokens(int[] ids, int[] starts, int[] ends) {}
