package io.apus.corpus.ingest;

import java.io.IOException;
import java.io.Reader;

/** A reader that remembers what was read since a given place, so that rows keep the text they were written in. */
final class Transcript extends Reader {
    private final Reader in;
    private final StringBuilder kept = new StringBuilder();
    private long start;

    Transcript(Reader in) {
        this.in = in;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            kept.append(target, offset, count);
        }
        return count;
    }

    /** The text between two places, counted in characters from the beginning; places already forgotten or not yet read are left out. */
    String between(long from, long to) {
        int first = (int) Math.max(0, from - start);
        int last = (int) Math.min(kept.length(), to - start);
        return kept.substring(Math.min(first, last), last);
    }

    /** Forgets what lies before {@code place}. */
    void forget(long place) {
        int count = (int) Math.min(kept.length(), place - start);
        kept.delete(0, count);
        start += count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
