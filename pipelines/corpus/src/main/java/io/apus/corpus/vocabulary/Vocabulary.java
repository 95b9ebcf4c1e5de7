package io.apus.corpus.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE vocabulary: ids 0 to 255 are the bytes in the order of their characters, then one id for each merge, then the special
 * tokens.
 *
 * @param tokens the token of each id below the special ones, in GPT-2's byte alphabet
 * @param merges pairs of ids, in the order in which they are applied; merge i makes id 256 + i
 * @param specialTokens tokens that text is never merged into
 */
public record Vocabulary(List<String> tokens, List<Merge> merges, List<String> specialTokens) {
    /** Two ids that become one. */
    public record Merge(int left, int right) {}

    public Vocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        specialTokens = List.copyOf(specialTokens);
    }

    /**
     * Learns a vocabulary of at most {@code vocabSize} entries; it stays smaller where no pair of tokens occurs twice any more. Depends on
     * the counts only, not on the order of the map.
     */
    public static Vocabulary train(Map<String, Long> counts, int vocabSize, List<String> specialTokens) {
        int wanted = vocabSize - 256 - specialTokens.size();
        if (wanted < 0) {
            throw new IllegalArgumentException("a vocabulary of " + vocabSize + " has no room for 256 bytes and "
                    + specialTokens.size() + " special tokens");
        }
        List<Merge> merges = new BpeTrainer(counts).learn(wanted);
        List<String> tokens = new ArrayList<>();
        for (int symbol = 0; symbol < 256; symbol++) {
            tokens.add(ByteAlphabet.token(symbol));
        }
        merges.forEach(merge -> tokens.add(tokens.get(merge.left()) + tokens.get(merge.right())));
        return new Vocabulary(tokens, merges, specialTokens);
    }

    /** All entries, special tokens included. */
    public int size() {
        return tokens.size() + specialTokens.size();
    }

    /** The id of a special token. */
    public int specialId(String token) {
        int index = specialTokens.indexOf(token);
        if (index < 0) {
            throw new IllegalArgumentException(token + " is not a special token");
        }
        return tokens.size() + index;
    }
}
