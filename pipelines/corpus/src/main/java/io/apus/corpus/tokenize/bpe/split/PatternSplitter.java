package io.apus.corpus.tokenize.bpe.split;

import java.util.Locale;

/** Cuts at the matches of a pattern (the library's {@code Split}). */
final class PatternSplitter implements Splitter {
    /** What becomes of the matches; what lies between them is always a word. */
    enum Behavior {
        /** Each is a word. */
        ISOLATED,
        /** They are left out. */
        REMOVED,
        /** Those that follow each other are one word. */
        CONTIGUOUS
    }

    private final Pattern pattern;
    private final Behavior behavior;
    private final boolean isInverted;

    /** {@code isInverted}: what lies between the matches is treated as the matches. */
    PatternSplitter(Pattern pattern, Behavior behavior, boolean isInverted) {
        this.pattern = pattern;
        this.behavior = behavior;
        this.isInverted = isInverted;
    }

    static Behavior behavior(String name) throws NotSupported {
        for (Behavior known : Behavior.values()) {
            if (known.name().equals(name.toUpperCase(Locale.ROOT))) {
                return known;
            }
        }
        throw new NotSupported("it splits with the behavior " + name);
    }

    @Override
    public void split(char[] text, int start, int end, Words words) {
        int open = start;
        int at = start;
        while (at < end) {
            int stop = pattern.match(text, at, end);
            if (stop < 0) {
                at += Character.isHighSurrogate(text[at]) ? 2 : 1;
                continue;
            }
            between(text, open, at, words);
            stop = behavior == Behavior.CONTIGUOUS ? runEnd(text, stop, end) : stop;
            if (behavior != Behavior.REMOVED || isInverted) {
                words.word(text, at, stop);
            }
            at = stop;
            open = stop;
        }
        between(text, open, end, words);
    }

    private void between(char[] text, int from, int to, Words words) {
        if (from < to && (behavior != Behavior.REMOVED || !isInverted)) {
            words.word(text, from, to);
        }
    }

    private int runEnd(char[] text, int from, int end) {
        int stop = from;
        while (stop < end) {
            int longer = pattern.match(text, stop, end);
            if (longer < 0) {
                break;
            }
            stop = longer;
        }
        return stop;
    }
}
