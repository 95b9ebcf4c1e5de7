package io.apus.corpus.template;

import io.apus.corpus.jinja.TracedText;
import io.apus.corpus.jinja.TracedText.Piece;
import java.util.List;

/** Questions to one traced rendering; all positions are character offsets of its text, -1 means there is none. */
record Traces(TracedText traced) {
    /** A range of characters, [start, end). */
    record Range(int start, int end) {
        static final Range NONE = new Range(-1, -1);

        boolean isNone() {
            return start < 0;
        }
    }

    String text() {
        return traced.text();
    }

    /** From the first to the last character that the template wrote while it handled the message. */
    Range owned(int message) {
        return hull(piece -> piece.owner() == message);
    }

    /** From the first to the last character of the message's own strings within {@code within}; empty strings count. */
    Range content(int message, Range within) {
        Range inside = hull(piece -> piece.item() == message && piece.owner() == message);
        return inside.isNone() || within.isNone() ? hull(piece -> piece.item() == message) : inside;
    }

    private Range hull(java.util.function.Predicate<Piece> wanted) {
        int start = -1;
        int end = -1;
        for (Piece piece : traced.pieces()) {
            if (wanted.test(piece)) {
                start = start < 0 ? piece.start() : start;
                end = piece.end();
            }
        }
        return new Range(start, end);
    }

    /** The last piece of any other message's strings that ends at or before {@code position}; an empty one at 0 where there is none. */
    Piece lastContentBefore(int position, int message) {
        Piece last = new Piece(0, 0, -1, null, -1, false);
        for (Piece piece : traced.pieces()) {
            if (piece.start() > position || (piece.item() == message && piece.start() == position)) {
                break;
            }
            if (piece.item() >= 0 && piece.item() != message && piece.end() <= position) {
                last = piece;
            }
        }
        return last;
    }

    /** Where the strings of another message begin again at or after {@code position}, the text's end where they do not. */
    int nextContentAfter(int position, int message) {
        boolean passed = false;
        for (Piece piece : traced.pieces()) {
            passed |= piece.item() == message && piece.end() == position;
            boolean isOther = piece.item() >= 0 && piece.item() != message;
            if (isOther && piece.start() >= position && (passed || piece.start() > position)) {
                return piece.start();
            }
        }
        return text().length();
    }

    /** Whether anything but whitespace behind the last message was written outside of all messages: the generation prompt of a prompt. */
    boolean hasUnownedTail() {
        List<Piece> pieces = traced.pieces();
        for (int k = pieces.size() - 1; k >= 0; k--) {
            Piece piece = pieces.get(k);
            if (piece.owner() >= 0 || piece.item() >= 0) {
                return false;
            }
            if (piece.mark() == null
                    && !text().substring(piece.start(), piece.end()).isBlank()) {
                return true;
            }
        }
        return false;
    }
}
