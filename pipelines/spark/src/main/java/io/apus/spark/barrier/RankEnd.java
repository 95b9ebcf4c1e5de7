package io.apus.spark.barrier;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** How a rank ended well. It travels as bytes of its own, so that the session's {@code spark.serializer} has no say in it. */
record RankEnd(int rank, Serializable value) implements Serializable {
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(this);
        }
        return bytes.toByteArray();
    }

    static RankEnd ofBytes(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (RankEnd) in.readObject();
        } catch (IOException | ClassNotFoundException unreadable) {
            throw new IllegalStateException("cannot read a rank's result", unreadable);
        }
    }
}
