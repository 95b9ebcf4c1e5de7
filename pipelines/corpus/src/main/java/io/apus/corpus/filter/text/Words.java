package io.apus.corpus.filter.text;

import java.util.Arrays;

/** The words of one text (see {@link WordScan}) with their places in it. */
public final class Words {
    private final String text;
    private long[] hashes = new long[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int count;

    private Words(String text) {
        this.text = text;
    }

    public static Words of(String text) {
        Words words = new Words(text);
        WordScan scan = new WordScan(text);
        while (scan.next()) {
            words.add(scan);
        }
        return words;
    }

    private void add(WordScan word) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        hashes[count] = word.hash();
        starts[count] = word.start();
        ends[count++] = word.end();
    }

    public int count() {
        return count;
    }

    /** The hash of a word in lower case. */
    public long hash(int word) {
        return hashes[word];
    }

    /** The hash of {@code width} words from {@code from} on. */
    public long ngram(int from, int width) {
        return WordScan.ngram(hashes, from, width, 0);
    }

    /** {@code width} words from {@code from} on as they stand in the text, white space made single. */
    public String span(int from, int width) {
        return text.substring(starts[from], ends[from + width - 1]).replaceAll("\\s+", " ");
    }
}
