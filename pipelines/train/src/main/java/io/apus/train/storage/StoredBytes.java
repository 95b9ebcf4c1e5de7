package io.apus.train.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a stored file, readable from anywhere in it. */
public interface StoredBytes extends Closeable {
    long size();

    /** Fills {@code into} with the bytes from {@code position} on; throws {@link java.io.EOFException} when they end before. */
    void read(long position, ByteBuffer into) throws IOException;
}
