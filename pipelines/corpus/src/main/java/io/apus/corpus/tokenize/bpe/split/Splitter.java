package io.apus.corpus.tokenize.bpe.split;

/** Cuts a text into the words that are then tokenised one by one. Safe for use by several threads. */
@FunctionalInterface
public interface Splitter {
    /** Takes words in the order of the text. */
    interface Words {
        /** The characters [start, end) are a word; never an empty one. */
        void word(char[] text, int start, int end);
    }

    /** Leaves the text in one piece. */
    Splitter WHOLE = (text, start, end, words) -> {
        if (start < end) {
            words.word(text, start, end);
        }
    };

    /** Cuts the characters [start, end), in which all surrogates are paired. */
    void split(char[] text, int start, int end, Words words);

    /** Cuts what this leaves in one piece once more. */
    default Splitter then(Splitter second) {
        return (text, start, end, words) ->
                split(text, start, end, (piece, from, to) -> second.split(piece, from, to, words));
    }
}
