package io.apus.corpus.tokenize;

import io.apus.schemas.data.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A token as a reader sees it.
 *
 * @param text what it stands for; the bytes of one character that several tokens share are shown together
 * @param weight its weight in the loss
 * @param tokens how many tokens it is, usually 1
 */
public record TokenText(String text, float weight, int tokens) {
    private static final int MAX_TOKENS_OF_A_CHARACTER = 8;
    private static final char BROKEN = '\ufffd';

    /** The tokens of a row in order. */
    public static List<TokenText> of(TokenRow row, Tokenizer tokenizer) {
        List<TokenText> texts = new ArrayList<>();
        int position = 0;
        while (position < row.length()) {
            TokenText text = at(row, position, tokenizer);
            texts.add(text);
            position += text.tokens();
        }
        return texts;
    }

    /** One token, or as many of the same weight as it takes to make a whole character. */
    private static TokenText at(TokenRow row, int start, Tokenizer tokenizer) {
        float weight = row.lossWeights()[start];
        String first = tokenizer.decode(new int[] {row.inputIds()[start]}, false);
        String text = first;
        int end = start + 1;
        while (text.indexOf(BROKEN) >= 0
                && end < row.length()
                && end < start + MAX_TOKENS_OF_A_CHARACTER
                && row.lossWeights()[end] == weight) {
            end++;
            text = tokenizer.decode(Arrays.copyOfRange(row.inputIds(), start, end), false);
        }
        boolean isWhole = text.indexOf(BROKEN) < 0;
        return isWhole ? new TokenText(text, weight, end - start) : new TokenText(first, weight, 1);
    }
}
