package io.apus.hub.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The entries of a tar file: ustar with pax ({@code path}, {@code size}) and GNU long names. */
final class TarEntries {
    private static final int LARGEST_NOTE = 1 << 20;

    private final InputStream in;
    private final Unpacked unpacked;
    private String nextName = "";
    private long nextSize = -1;

    TarEntries(InputStream in, Unpacked unpacked) {
        this.in = in;
        this.unpacked = unpacked;
    }

    void read() throws IOException {
        int found = 0;
        for (byte[] block = block(); block != null && !isEmpty(block); block = block()) {
            entry(TarHeader.of(block));
            found++;
        }
        if (found == 0) {
            throw new TarException("it has no entries or is no tar file");
        }
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        if (block.length != 0 && block.length != TarHeader.BLOCK) {
            throw new TarException("it ends too early");
        }
        return block.length == 0 ? null : block;
    }

    private static boolean isEmpty(byte[] block) {
        return Arrays.equals(block, new byte[TarHeader.BLOCK]);
    }

    private void entry(TarHeader header) throws IOException {
        switch (header.type()) {
            case 'x' -> pax(note(header));
            case 'g' -> note(header);
            case 'L' -> {
                byte[] name = note(header);
                nextName = TarHeader.text(name, 0, name.length);
            }
            default -> content(header);
        }
    }

    private void content(TarHeader header) throws IOException {
        String name = nextName.isEmpty() ? header.name() : nextName;
        long size = nextSize >= 0 ? nextSize : header.size();
        nextName = "";
        nextSize = -1;
        Bounded body = new Bounded(in, size);
        switch (header.type()) {
            case '0', '\0', '7' -> unpacked.file(name, body);
            case '5' -> unpacked.folder(name);
            case '1', '2' -> throw unpacked.refused(name, "a link");
            default -> throw unpacked.refused(name, "neither a file nor a folder");
        }
        body.skipRest();
        skipPadding(size);
    }

    private byte[] note(TarHeader header) throws IOException {
        if (header.size() > LARGEST_NOTE) {
            throw new TarException("a header of it is too long");
        }
        byte[] note = in.readNBytes((int) header.size());
        if (note.length < header.size()) {
            throw new TarException("it ends too early");
        }
        skipPadding(header.size());
        return note;
    }

    private void skipPadding(long size) throws IOException {
        int padding = (int) ((TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK);
        in.readNBytes(padding);
    }

    /** Records of "LENGTH KEY=VALUE\n" (POSIX.1-2001). */
    private void pax(byte[] note) throws TarException {
        int at = 0;
        while (at < note.length) {
            int space = at;
            while (space < note.length && note[space] != ' ') {
                space++;
            }
            int length = (int) number(new String(note, at, space - at, StandardCharsets.US_ASCII), 9);
            if (length <= space - at + 1 || at + length > note.length) {
                throw new TarException("a header of it is damaged");
            }
            record(new String(note, space + 1, at + length - space - 2, StandardCharsets.UTF_8));
            at += length;
        }
    }

    private void record(String record) throws TarException {
        if (record.startsWith("path=")) {
            nextName = record.substring("path=".length());
        } else if (record.startsWith("size=")) {
            nextSize = number(record.substring("size=".length()), 15);
        }
    }

    private static long number(String digits, int longest) throws TarException {
        if (digits.length() > longest || !digits.matches("\\d+")) {
            throw new TarException("a number in a header of it cannot be read");
        }
        return Long.parseLong(digits);
    }

    /** The next {@code left} bytes. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, from, (int) Math.min(left, length));
            if (read < 0) {
                throw new TarException("it ends too early");
            }
            left -= read;
            return read;
        }

        void skipRest() throws IOException {
            byte[] buffer = new byte[8192];
            int read = read(buffer, 0, buffer.length);
            while (read >= 0) {
                read = read(buffer, 0, buffer.length);
            }
        }
    }
}
