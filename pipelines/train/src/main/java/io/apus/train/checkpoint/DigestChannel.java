package io.apus.train.checkpoint;

import io.apus.shards.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** Sums up the bytes that go through it. */
final class DigestChannel implements WritableByteChannel {
    private final WritableByteChannel target;
    private final MessageDigest digest = Sha256.digest();
    private final CRC32C crc = new CRC32C();
    private final List<String> chunks = new ArrayList<>();
    private long bytes;

    DigestChannel(WritableByteChannel target) {
        this.target = target;
    }

    /** All of {@code source} or an error: a target that takes only a part is asked again. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = source.remaining();
        sum(source.duplicate());
        while (source.hasRemaining()) {
            target.write(source);
        }
        return count;
    }

    private void sum(ByteBuffer source) {
        digest.update(source.duplicate());
        int end = source.limit();
        while (source.position() < end) {
            int left = (int) (StoredFile.CHUNK - bytes % StoredFile.CHUNK);
            int taken = Math.min(left, end - source.position());
            crc.update(source.limit(source.position() + taken));
            bytes += taken;
            if (taken == left) {
                seal();
            }
        }
    }

    private void seal() {
        chunks.add(hex(crc));
        crc.reset();
    }

    static String hex(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** To be asked once, at the end. */
    StoredFile described(String path) {
        if (bytes % StoredFile.CHUNK != 0) {
            seal();
        }
        return new StoredFile(path, bytes, Sha256.hex(digest), chunks);
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
