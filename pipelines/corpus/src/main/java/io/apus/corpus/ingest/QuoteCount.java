package io.apus.corpus.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the quotes of a CSV file as it is read: an odd number at its end means that one of them was never closed. */
final class QuoteCount extends FilterInputStream {
    private boolean odd;
    private boolean ended;

    QuoteCount(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        ended |= value < 0;
        odd ^= value == '"';
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        ended |= count < 0;
        for (int i = 0; i < count; i++) {
            odd ^= target[offset + i] == '"';
        }
        return count;
    }

    /** Whether the whole file has been read and a quote stayed open. */
    boolean leftOpen() {
        return ended && odd;
    }
}
