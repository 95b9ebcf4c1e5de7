package io.apus.hub.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Writes tar files, hostile ones too. */
final class TarBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    TarBuilder file(String name, String text) {
        return entry(name, '0', text.getBytes(StandardCharsets.UTF_8));
    }

    TarBuilder folder(String name) {
        return entry(name, '5', new byte[0]);
    }

    TarBuilder longName(String name) {
        return entry("././@LongLink", 'L', (name + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** {@code records} are "key=value". */
    TarBuilder pax(String... records) {
        StringBuilder text = new StringBuilder();
        for (String record : records) {
            int length = record.getBytes(StandardCharsets.UTF_8).length + 2;
            int digits = String.valueOf(length).length();
            digits = String.valueOf(length + digits).length();
            text.append(length + digits).append(' ').append(record).append('\n');
        }
        return entry("pax", 'x', text.toString().getBytes(StandardCharsets.UTF_8));
    }

    TarBuilder entry(String name, char type, byte[] content) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 124, String.format(Locale.ROOT, "%011o", content.length));
        block[156] = (byte) type;
        put(block, 157, "/etc/passwd");
        put(block, 257, "ustar\0" + "00");
        put(block, 148, "        ");
        long sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        bytes.writeBytes(block);
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(ascii, 0, block, at, ascii.length);
    }

    byte[] bytes() {
        bytes.writeBytes(new byte[1024]);
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        try {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(plain);
            }
            return packed.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
