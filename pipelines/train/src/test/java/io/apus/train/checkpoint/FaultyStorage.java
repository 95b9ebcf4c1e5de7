package io.apus.train.checkpoint;

import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;

/** A storage that does one thing wrong, at its n-th call. */
final class FaultyStorage implements Storage {
    /** What goes wrong. */
    enum Fault {
        /** The call fails, the next ones work. */
        ERROR,
        /** The process dies in the middle of the call: half its bytes are written, and no call works any more. */
        CRASH,
        /** A write takes only some bytes and says so. */
        SHORT_WRITE,
        /** A write loses its second half and does not say so. */
        LOST_WRITE,
        /** One bit is written or read wrong. */
        FLIPPED_BIT
    }

    private final Storage storage;
    private final Fault fault;
    private final int at;
    private int calls;

    FaultyStorage(Storage storage, Fault fault, int at) {
        this.storage = storage;
        this.fault = fault;
        this.at = at;
    }

    /** Whether it came to the fault. */
    boolean struck() {
        return calls > at;
    }

    /** Counts a call; says whether it is the one, and fails those that fail as a whole. */
    private boolean strikes() throws IOException {
        int call = calls++;
        if (call == at && fault == Fault.ERROR || call > at && fault == Fault.CRASH) {
            throw new IOException(fault + " at call " + call);
        }
        return call == at;
    }

    private void die() throws IOException {
        if (fault == Fault.CRASH) {
            throw new IOException("crashed");
        }
    }

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public WritableByteChannel create(String file) throws IOException {
        boolean now = strikes();
        WritableByteChannel channel = storage.create(file);
        if (now) {
            die();
        }
        return new FaultyChannel(channel);
    }

    @Override
    public void put(String file, byte[] bytes) throws IOException {
        if (!strikes()) {
            storage.put(file, bytes);
        } else if (fault == Fault.FLIPPED_BIT) {
            storage.put(file, flipped(bytes));
        } else {
            boolean part = fault == Fault.CRASH || fault == Fault.LOST_WRITE;
            storage.put(file, part ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            die();
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] wrong = bytes.clone();
        wrong[wrong.length / 2] ^= 1;
        return wrong;
    }

    @Override
    public StoredBytes open(String file) throws IOException {
        boolean now = strikes();
        StoredBytes opened = storage.open(file);
        if (now) {
            die();
        }
        return new FaultyBytes(opened);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        if (strikes()) {
            die();
        }
        return storage.list(folder);
    }

    /** A crash in the middle of a removal leaves some files. */
    @Override
    public void delete(String path) throws IOException {
        if (strikes() && fault == Fault.CRASH) {
            List<String> files = storage.list(path);
            if (!files.isEmpty()) {
                storage.delete(path + "/" + files.get(0));
            }
            die();
        }
        storage.delete(path);
    }

    private final class FaultyChannel implements WritableByteChannel {
        private final WritableByteChannel channel;

        FaultyChannel(WritableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (!strikes() || fault == Fault.ERROR) {
                return channel.write(source);
            }
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            boolean flip = fault == Fault.FLIPPED_BIT && bytes.length > 0;
            int count = flip ? bytes.length : bytes.length / 2;
            channel.write(ByteBuffer.wrap(flip ? flipped(bytes) : bytes, 0, count));
            die();
            int told = fault == Fault.SHORT_WRITE ? count : bytes.length;
            source.position(source.position() + told);
            return told;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            if (strikes()) {
                die();
            }
            channel.close();
        }
    }

    private final class FaultyBytes implements StoredBytes {
        private final StoredBytes bytes;

        FaultyBytes(StoredBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            int start = into.position();
            boolean now = strikes();
            bytes.read(position, into);
            if (now && into.position() > start) {
                die();
                if (fault == Fault.FLIPPED_BIT) {
                    int middle = (start + into.position()) / 2;
                    into.put(middle, (byte) (into.get(middle) ^ 1));
                }
            }
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }
}
