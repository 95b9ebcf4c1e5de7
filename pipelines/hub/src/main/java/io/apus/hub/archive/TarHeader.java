package io.apus.hub.archive;

import java.nio.charset.StandardCharsets;

/**
 * One header block of a tar file (POSIX.1-1988 ustar; GNU base-256 numbers).
 *
 * @param name with its prefix
 * @param type the type flag: '0' or NUL a file, '5' a folder, '1' and '2' links, 'x', 'g' and 'L' about other entries
 */
record TarHeader(String name, long size, char type) {
    static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final long LARGEST = 1L << 50;

    static TarHeader of(byte[] block) throws TarException {
        if (sum(block) != number(block, CHECKSUM, 8)) {
            throw new TarException("a header of it is damaged, or it is no tar file");
        }
        String prefix = text(block, 257, 5).equals("ustar") && block[262] == 0 ? text(block, 345, 155) : "";
        String name = text(block, 0, 100);
        long size = number(block, 124, 12);
        if (size < 0 || size > LARGEST) {
            throw new TarException("an entry of it has an impossible size");
        }
        return new TarHeader(prefix.isEmpty() ? name : prefix + "/" + name, size, (char) (block[156] & 0xff));
    }

    private static long sum(byte[] block) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : block[i] & 0xff;
        }
        return sum;
    }

    private static long number(byte[] block, int from, int length) throws TarException {
        if ((block[from] & 0x80) != 0) {
            long value = block[from] & 0x3f;
            for (int i = from + 1; i < from + length; i++) {
                value = (value << 8) | (block[i] & 0xff);
            }
            return value;
        }
        String digits = text(block, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new TarException("a number in a header of it cannot be read");
        }
    }

    /** Up to the first NUL. */
    static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
