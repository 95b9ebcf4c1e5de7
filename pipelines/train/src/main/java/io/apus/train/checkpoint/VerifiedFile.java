package io.apus.train.checkpoint;

import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A file of a checkpoint whose every byte is checked again when it is read. */
final class VerifiedFile implements Closeable {
    private final StoredFile file;
    private final StoredBytes bytes;
    private final ByteBuffer chunk = ByteBuffer.allocate(StoredFile.CHUNK);
    private int held = -1;

    private VerifiedFile(StoredFile file, StoredBytes bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    static VerifiedFile open(Storage storage, String folder, StoredFile file) throws IOException {
        return new VerifiedFile(file, storage.open(folder + "/" + file.path()));
    }

    /** Fills {@code into} with the bytes from {@code position} on. */
    void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            hold(Math.toIntExact(at / StoredFile.CHUNK));
            int from = (int) (at % StoredFile.CHUNK);
            int count = Math.min(into.remaining(), chunk.limit() - from);
            if (count <= 0) {
                throw new IOException(file.path() + " ends before byte " + at);
            }
            into.put(chunk.duplicate().position(from).limit(from + count));
            at += count;
        }
    }

    private void hold(int number) throws IOException {
        if (number == held) {
            return;
        }
        held = -1;
        long begin = (long) number * StoredFile.CHUNK;
        chunk.clear().limit((int) Math.max(0, Math.min(StoredFile.CHUNK, file.bytes() - begin)));
        bytes.read(begin, chunk);
        chunk.flip();
        CRC32C crc = new CRC32C();
        crc.update(chunk.duplicate());
        if (number >= file.chunks().size()
                || !DigestChannel.hex(crc).equals(file.chunks().get(number))) {
            throw new IOException(file.path() + " changed between two readings, at byte " + begin);
        }
        held = number;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
