package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * libtorch's TCP store, which NCCL needs for as long as its groups live; rank 0 serves it at a port of its own.
 *
 * <p>A store reached through {@code clone()} shares ownership with what is built on it; one made by {@code new} and handed on directly
 * aborts the process when both are freed.
 */
final class NativeStore implements AutoCloseable {
    private final TCPStore server;
    private final Store store;

    /** All ranks of {@code world} call this. */
    NativeStore(MeetingPlace place, World world, Duration rendezvous) {
        try (Scope scope = Scope.open()) {
            String host = MeetingPlace.host(world, 0);
            if (world.rank() == 0) {
                this.server = Scope.own(open(host, 0, world, rendezvous));
                port(place, world, Short.toUnsignedInt(server.getPort()));
            } else {
                this.server = Scope.own(open(host, port(place, world, 0), world, rendezvous));
            }
            this.store = Scope.own(server.clone());
        }
    }

    /** The port of rank 0's store, as all ranks hear it from rank 0. */
    private static int port(MeetingPlace place, World world, int own) {
        try {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(own).array();
            return ByteBuffer.wrap(place.exchange("/store", world, bytes).get(0))
                    .getInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TCPStore open(String host, int port, World world, Duration rendezvous) {
        TCPStoreOptions options = new TCPStoreOptions()
                .port((short) port)
                .isServer(world.rank() == 0)
                .numWorkers(new SizeTPointer(1).put(world.size()))
                .waitWorkers(false)
                .timeout(new Milliseconds(rendezvous.toMillis()));
        return new TCPStore(host, options);
    }

    /** A part of the store for one group, in the caller's scope. */
    Store part(String name) {
        return new PrefixStore(name, store).clone();
    }

    @Override
    public void close() {
        for (Pointer pointer : new Pointer[] {store, server}) {
            Scope.release(pointer);
        }
    }
}
