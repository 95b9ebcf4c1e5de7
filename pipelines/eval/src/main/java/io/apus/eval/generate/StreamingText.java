package io.apus.eval.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Turns token ids into text as they come. A character may take several byte-level tokens, and a token's text may depend on the one before
 * it (a leading space): so a short window is decoded each time, and text is held back while it ends in an incomplete character.
 */
public final class StreamingText {
    private static final char INCOMPLETE = '\uFFFD';
    /** A character has at most four bytes, one token each: a longer run of replacement characters is what the model wrote. */
    private static final int LONGEST_WAIT = 8;

    private final Function<int[], String> decode;
    private final List<Integer> window = new ArrayList<>();
    private int shown;

    /** {@code decode} gives the text of ids, with U+FFFD for bytes that are no character. */
    public StreamingText(Function<int[], String> decode) {
        this.decode = decode;
    }

    /** The text that {@code id} makes certain; empty while a character is incomplete. */
    public String accept(int id) {
        window.add(id);
        String before = text(shown);
        String now = text(window.size());
        int waiting = window.size() - shown;
        boolean incomplete = now.indexOf(INCOMPLETE, Math.max(0, now.length() - 1)) >= 0 && waiting < LONGEST_WAIT;
        if (incomplete || now.length() <= before.length()) {
            return "";
        }
        window.subList(0, shown).clear();
        shown = window.size();
        return now.substring(before.length());
    }

    /** What is left when no more tokens come. */
    public String finish() {
        String rest = text(window.size()).substring(text(shown).length());
        window.clear();
        shown = 0;
        return rest;
    }

    private String text(int count) {
        return decode.apply(
                window.subList(0, count).stream().mapToInt(Integer::intValue).toArray());
    }
}
