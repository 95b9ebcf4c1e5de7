package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.time.Duration;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * Where ranks learn each other's addresses: a TCP store that rank 0 serves at its endpoint.
 *
 * <p>A store reached through {@code clone()} shares ownership with what is built on it; one made by {@code new} and handed on directly
 * aborts the process when both are freed.
 */
final class MeetingPlace implements AutoCloseable {
    private final String attempt;
    private final TCPStore server;
    private final Store store;

    MeetingPlace(World world, Duration rendezvous) {
        this.attempt = "attempt-" + world.attempt();
        String[] meeting = endpoint(world, 0);
        try (Scope scope = Scope.open()) {
            this.server = Scope.own(new TCPStore(meeting[0], options(world, meeting[1], rendezvous)));
            this.store = Scope.own(server.clone());
        }
    }

    /** A part of the store for one group, in the caller's scope. */
    Store part(String name) {
        return new PrefixStore(attempt + name, store).clone();
    }

    /** The address of {@code world}'s own rank. */
    static String host(World world) {
        return endpoint(world, world.rank())[0];
    }

    private static TCPStoreOptions options(World world, String port, Duration rendezvous) {
        return new TCPStoreOptions()
                .port((short) Integer.parseInt(port))
                .isServer(world.rank() == 0)
                .numWorkers(new SizeTPointer(1).put(world.size()))
                .waitWorkers(false)
                .timeout(new Milliseconds(rendezvous.toMillis()));
    }

    private static String[] endpoint(World world, int rank) {
        String endpoint = world.endpoints().get(rank);
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an endpoint reads host:port, this one is \"" + endpoint + "\"");
        }
        return new String[] {endpoint.substring(0, colon), endpoint.substring(colon + 1)};
    }

    @Override
    public void close() {
        for (Pointer pointer : new Pointer[] {store, server}) {
            Scope.release(pointer);
        }
    }
}
