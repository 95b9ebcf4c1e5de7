package io.apus.corpus.tokenize.bpe;

import java.util.BitSet;
import java.util.List;

/** Finds added tokens in a text: from left to right, the longest at each place. Immutable. */
final class AddedTokens {
    /** Takes the pieces of a text in their order. */
    interface Pieces {
        /** The characters [start, end) are an added token; {@code id} -1: they are ordinary text. */
        void piece(int id, int start, int end);
    }

    private final Trie trie = new Trie();
    private final BitSet firsts = new BitSet(1 << 16);
    private final boolean isEmpty;

    AddedTokens(List<AddedToken> tokens) {
        for (AddedToken token : tokens) {
            trie.add(token);
            firsts.set(token.content().charAt(0));
        }
        isEmpty = tokens.isEmpty();
    }

    /** Cuts the characters [start, end). */
    void split(char[] text, int start, int end, Pieces pieces) {
        int open = start;
        for (int at = start; at < end && !isEmpty; ) {
            AddedToken token = firsts.get(text[at]) ? trie.longestOrNull(text, at, end) : null;
            if (token == null) {
                at++;
                continue;
            }
            int from = token.stripsLeft() ? leftOf(text, at, open) : at;
            int to = at + token.content().length();
            to = token.stripsRight() ? rightOf(text, to, end) : to;
            if (open < from) {
                pieces.piece(-1, open, from);
            }
            pieces.piece(token.id(), from, to);
            open = to;
            at = to;
        }
        if (open < end) {
            pieces.piece(-1, open, end);
        }
    }

    private static int leftOf(char[] text, int at, int start) {
        int left = at;
        while (left > start && AddedToken.isWhiteSpace(text[left - 1])) {
            left--;
        }
        return left;
    }

    private static int rightOf(char[] text, int at, int end) {
        int right = at;
        while (right < end && AddedToken.isWhiteSpace(text[right])) {
            right++;
        }
        return right;
    }
}
