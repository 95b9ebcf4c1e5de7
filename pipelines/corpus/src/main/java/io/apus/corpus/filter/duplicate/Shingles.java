package io.apus.corpus.filter.duplicate;

import io.apus.corpus.filter.text.Turns;
import io.apus.corpus.filter.text.WordScan;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The set of word n-grams of a sample as sorted 64-bit hashes. The words are those of all turns but system prompts, which many samples
 * share, in order. Samples of different labels share no shingle: opposite judgements of one answer are no duplicates.
 */
public final class Shingles {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private long[] words = new long[64];
    private int count;

    private Shingles() {}

    /** Sorted and distinct; a sample of fewer than {@code ngram} words has one shingle, one without words none. */
    public static long[] of(Sample sample, int ngram) {
        Shingles all = new Shingles();
        for (Message message : Turns.all(sample)) {
            if (!message.role().equals(Roles.SYSTEM)) {
                all.add(message.content());
            }
        }
        return all.shingles(ngram, sample.label() == null ? 0 : labelHash(sample.label()));
    }

    private static long labelHash(String label) {
        long hash = 7;
        for (int i = 0; i < label.length(); i++) {
            hash = hash * MULTIPLIER + label.charAt(i);
        }
        return WordScan.mix(hash);
    }

    private void add(String text) {
        WordScan scan = new WordScan(text);
        while (scan.next()) {
            if (count == words.length) {
                words = Arrays.copyOf(words, 2 * count);
            }
            words[count++] = scan.hash();
        }
    }

    private long[] shingles(int ngram, long salt) {
        if (count == 0) {
            return new long[0];
        }
        int width = Math.min(ngram, count);
        long[] hashes = new long[count - width + 1];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = WordScan.ngram(words, i, width, salt);
        }
        Arrays.sort(hashes);
        int distinct = 1;
        for (int i = 1; i < hashes.length; i++) {
            if (hashes[i] != hashes[i - 1]) {
                hashes[distinct++] = hashes[i];
            }
        }
        return distinct == hashes.length ? hashes : Arrays.copyOf(hashes, distinct);
    }

    /** Shared shingles by all shingles of two sorted sets; 0 where both are empty. */
    public static double jaccard(long[] a, long[] b) {
        int shared = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            if (a[i] == b[j]) {
                shared++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        int all = a.length + b.length - shared;
        return all == 0 ? 0 : (double) shared / all;
    }

    /** As bytes, 8 a shingle. */
    public static byte[] toBytes(long[] shingles) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * shingles.length);
        buffer.asLongBuffer().put(shingles);
        return buffer.array();
    }

    /** Reads what {@link #toBytes} wrote. */
    public static long[] fromBytes(byte[] bytes) {
        long[] shingles = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(shingles);
        return shingles;
    }
}
