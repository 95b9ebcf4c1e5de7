package io.apus.tensor.collective;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

/** What a rank says when it comes to the meeting place. */
final class MeetingRequest {
    /** Marks a rank of this program, whoever else may knock. */
    private static final int MAGIC = 0x41505553;

    private static final int MOST_RANKS = 1 << 16;
    private static final int MOST_BYTES = 1 << 20;
    /** A hundred years and more, which nanoseconds can still count. */
    private static final long MOST_MILLIS = 1L << 42;

    private final String name;
    private final int rank;
    private final int size;
    private final Duration patience;
    private final byte[] bytes;

    /**
     * @param name of the group
     * @param rank within the group
     * @param size of the group
     * @param patience how long it waits for the others
     * @param bytes for the others
     */
    MeetingRequest(String name, int rank, int size, Duration patience, byte[] bytes) {
        this.name = name;
        this.rank = rank;
        this.size = size;
        this.patience = patience;
        this.bytes = bytes;
    }

    String name() {
        return name;
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    Duration patience() {
        return patience;
    }

    byte[] bytes() {
        return bytes;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeUTF(name);
        out.writeInt(rank);
        out.writeInt(size);
        out.writeLong(patience.toMillis());
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    static MeetingRequest read(DataInputStream in) throws IOException {
        require(in.readInt() == MAGIC, "not a rank");
        String name = in.readUTF();
        int rank = in.readInt();
        int size = in.readInt();
        require(size > 0 && size <= MOST_RANKS && rank >= 0 && rank < size, "rank " + rank + " of " + size);
        long millis = in.readLong();
        require(millis >= 0 && millis <= MOST_MILLIS, "a patience of " + millis + " ms");
        return new MeetingRequest(name, rank, size, Duration.ofMillis(millis), bytes(in));
    }

    /** A length and so many bytes; more than an address can need are refused before memory is taken for them. */
    static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        require(length >= 0 && length <= MOST_BYTES, length + " bytes");
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void require(boolean sound, String what) throws IOException {
        if (!sound) {
            throw new IOException("a guest at the meeting place that makes no sense: " + what);
        }
    }
}
