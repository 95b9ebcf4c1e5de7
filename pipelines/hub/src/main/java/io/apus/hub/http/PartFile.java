package io.apus.hub.http;

import io.apus.hub.repo.RepoFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A file that is still being written, hashed as it grows. */
final class PartFile implements Closeable {
    private static final int BUFFER = 1 << 20;

    private final RepoFile file;
    private final FileChannel channel;
    private MessageDigest digest;
    private long length;

    private PartFile(RepoFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.digest = file.checksum().digest(file.size());
    }

    /** Opens what an earlier try left at {@code path}, or begins it. */
    static PartFile open(Path path, RepoFile file) throws IOException {
        Files.createDirectories(path.getParent());
        PartFile part = new PartFile(
                file,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            if (Files.size(path) > file.size()) {
                part.restart();
            }
            part.hash(path);
        } catch (IOException e) {
            part.close();
            throw e;
        }
        return part;
    }

    private void hash(Path path) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                length += read;
            }
        }
        channel.position(length);
    }

    long length() {
        return length;
    }

    boolean isComplete() {
        return length == file.size();
    }

    void write(byte[] bytes, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(bytes, 0, count);
        length += count;
    }

    /** Throws away what is there. */
    void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        length = 0;
        digest = file.checksum().digest(file.size());
    }

    /** Whether the whole file hashes to its checksum; to be asked once. */
    boolean isRight() {
        return file.checksum().matches(digest);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
