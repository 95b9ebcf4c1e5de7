package io.apus.shards;

import java.util.Arrays;

/** A growing buffer of 32-bit words: ids, offsets, the bits of floats, and doubles as two words, low one first. */
final class IntColumn {
    private int[] words = new int[1024];
    private int size;

    void add(int word) {
        reserve(1);
        words[size++] = word;
    }

    void addAll(int[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, words, size, more.length);
        size += more.length;
    }

    void addAll(float[] more) {
        reserve(more.length);
        for (float value : more) {
            words[size++] = Float.floatToRawIntBits(value);
        }
    }

    void add(double value) {
        long bits = Double.doubleToRawLongBits(value);
        add((int) bits);
        add((int) (bits >>> 32));
    }

    int size() {
        return size;
    }

    long bytes() {
        return (long) size * Integer.BYTES;
    }

    void clear() {
        size = 0;
    }

    void writeTo(ShardOutput output) {
        output.write(words, size);
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > words.length) {
            words = Arrays.copyOf(words, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, words.length * 2L)));
        }
    }
}
