package io.apus.corpus.tokenize.bpe;

import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.util.Map;

/** The model of a byte-level tokenizer: a token for each byte, merges, perhaps words that are tokens whatever the merges. Immutable. */
final class BpeModel {
    private static final int NONE = -1;

    private final int[] byteTokens = new int[256];
    private final Merges merges;
    private final TokenBytes tokens;
    private final boolean ignoresMerges;

    BpeModel(BpeFile file, TokenBytes tokens) throws NotSupported {
        this.merges = Merges.of(file.merges(), file.vocabulary());
        this.tokens = tokens;
        this.ignoresMerges = file.ignoresMerges();
        Map<String, Integer> vocabulary = file.vocabulary();
        for (int value = 0; value < 256; value++) {
            byteTokens[value] = vocabulary.getOrDefault(String.valueOf(ByteLetters.of(value)), NONE);
            if (byteTokens[value] == NONE && isInUtf8(value)) {
                throw new NotSupported("it has no token for the byte " + value);
            }
        }
    }

    private static boolean isInUtf8(int value) {
        return value < 0xf5 && value != 0xc0 && value != 0xc1;
    }

    Merges merges() {
        return merges;
    }

    int byteToken(byte value) {
        return byteTokens[value & 0xff];
    }

    /** The token that the first bytes of {@code word} are without merging; -1 where they must be merged. */
    int wholeWord(byte[] word, int length) {
        return ignoresMerges ? tokens.find(word, length) : NONE;
    }
}
