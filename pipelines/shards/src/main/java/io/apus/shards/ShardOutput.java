package io.apus.shards;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A file written front to back in little-endian words while its SHA-256 is taken. */
final class ShardOutput implements WritableByteChannel, Closeable {
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    ShardOutput(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    long position() {
        return flushed + buffer.position();
    }

    void write(int[] words, int count) {
        int at = 0;
        while (at < count) {
            int room = buffer.remaining() / Integer.BYTES;
            if (room == 0) {
                flush();
                continue;
            }
            int chunk = Math.min(room, count - at);
            buffer.asIntBuffer().put(words, at, chunk);
            buffer.position(buffer.position() + chunk * Integer.BYTES);
            at += chunk;
        }
    }

    @Override
    public int write(ByteBuffer source) {
        int bytes = source.remaining();
        while (source.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int chunk = Math.min(buffer.remaining(), source.remaining());
            buffer.put(source.slice(source.position(), chunk));
            source.position(source.position() + chunk);
        }
        return bytes;
    }

    /** Writes zeros up to the next aligned position. */
    void align() {
        for (long zeros = ShardSchema.align(position()) - position(); zeros > 0; zeros--) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) 0);
        }
    }

    /** Forces everything to disk and returns the SHA-256. */
    String finish() throws IOException {
        flush();
        channel.force(true);
        return Sha256.hex(digest);
    }

    private void flush() {
        buffer.flip();
        digest.update(buffer.array(), 0, buffer.limit());
        flushed += buffer.limit();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.clear();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
