package io.apus.corpus.jinja;

import java.util.Arrays;

/** Puts strings together; gives a plain {@link String} as long as every part was plain. */
final class TextBuilder {
    private final StringBuilder value = new StringBuilder();
    private int[] starts = new int[8];
    private Origin[] origins = new Origin[8];
    private int pieces;
    private boolean traced;

    TextBuilder append(CharSequence text) {
        return append(text, null, false);
    }

    /** Appends; in a traced rendering, what no iteration has claimed is claimed by {@code iteration}. */
    TextBuilder append(CharSequence text, Iteration iteration, boolean generated) {
        if (text instanceof Text source) {
            for (int k = 0; k < source.pieces(); k++) {
                String piece = source.toString().substring(source.start(k), source.end(k));
                append(piece, source.origin(k).claimedBy(iteration, generated));
            }
        } else if (iteration == null && !generated) {
            append(text.toString(), Origin.NONE);
        } else {
            Origin origin = iteration == null ? Origin.NONE : iteration.origin();
            append(text.toString(), origin.claimedBy(null, generated));
        }
        return this;
    }

    /** Appends one piece; an empty piece is kept only where it belongs to an item. */
    void append(String text, Origin origin) {
        boolean isAnchor = origin.item() >= 0;
        if (text.isEmpty() && !isAnchor) {
            return;
        }
        traced |= !origin.equals(Origin.NONE);
        if (pieces == 0 || !origin.equals(origins[pieces - 1])) {
            if (pieces == starts.length) {
                starts = Arrays.copyOf(starts, pieces * 2);
                origins = Arrays.copyOf(origins, pieces * 2);
            }
            starts[pieces] = value.length();
            origins[pieces++] = origin;
        }
        value.append(text);
    }

    boolean isUntouched() {
        return pieces == 0;
    }

    int length() {
        return value.length();
    }

    CharSequence build() {
        return traced ? toText() : value.toString();
    }

    Text toText() {
        return new Text(value.toString(), Arrays.copyOf(starts, pieces), Arrays.copyOf(origins, pieces));
    }
}
