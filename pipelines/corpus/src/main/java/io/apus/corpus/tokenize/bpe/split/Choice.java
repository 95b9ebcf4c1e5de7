package io.apus.corpus.tokenize.bpe.split;

import java.util.List;

/** The first of several branches that matches with all that follows. */
final class Choice extends Node {
    private final byte[] letters;
    private final Node[] branches;
    private final long first;
    private final Node[][] byLetter = new Node[Long.SIZE][];

    /** Each branch has what follows the choice behind it. */
    Choice(byte[] letters, List<Node> branches) {
        this.letters = letters;
        this.branches = branches.toArray(Node[]::new);
        this.first = branches.stream().mapToLong(Node::first).reduce(0, (a, b) -> a | b);
        for (int letter = 0; letter < byLetter.length; letter++) {
            long bit = 1L << letter;
            byLetter[letter] = branches.stream()
                    .filter(branch -> (branch.first() & bit) != 0)
                    .toArray(Node[]::new);
        }
    }

    @Override
    int match(char[] text, int at, int end) {
        for (Node branch : at < end ? byLetter[letters[text[at]]] : branches) {
            int found = branch.match(text, at, end);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    @Override
    long first() {
        return first;
    }
}
