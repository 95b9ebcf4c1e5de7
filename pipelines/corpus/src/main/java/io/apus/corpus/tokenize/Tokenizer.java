package io.apus.corpus.tokenize;

import java.util.List;
import java.util.OptionalInt;

/**
 * A model's tokenizer. Special tokens written in the text are recognised, as transformers does; nothing is added to it. Safe for use by
 * several threads.
 */
public interface Tokenizer {
    /** The token ids of a text. */
    int[] ids(String text);

    /** The token ids of a text with the characters that each stands for. */
    Encoded encode(String text);

    /** As {@link #encode(String)}, in order. */
    default List<Encoded> encode(List<String> texts) {
        return texts.stream().map(this::encode).toList();
    }

    /** The text of token ids; special tokens are left out if {@code skipSpecialTokens}. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** One more than the largest token id. */
    int vocabSize();

    /** The id of an added token (such as {@code <|im_end|>}) by its exact text; empty where there is none. */
    OptionalInt addedToken(String text);

    /** Whether the id is a special token, which is never part of ordinary text. */
    boolean isSpecial(int id);

    /** Ids that the tokenizer's own post-processing puts before a text (a beginning-of-sequence token), often none. */
    int[] prefixIds();

    /** SHA-256 of tokenizer.json in lower-case hexadecimal. */
    String sha256();

    /** What does the work: "Java", or "tokenizers library: " and why it is not done in Java. */
    String engine();
}
