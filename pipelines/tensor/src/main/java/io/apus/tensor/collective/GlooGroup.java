package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.time.Duration;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * The native objects of one Gloo process group: rank 0 serves a TCP store at its endpoint, where the ranks learn each other's addresses.
 *
 * <p>A store reached through {@code clone()} shares ownership with the group that is built on it; one made by {@code new} and handed on
 * directly aborts the process when both are freed.
 */
final class GlooGroup implements AutoCloseable {
    /** Two threads let a reduction that waits for its peer not hold up the one behind it. */
    private static final int THREADS = 2;

    private final TCPStore server;
    private final Store store;
    private final PrefixStore generation;
    private final Store shared;
    private final ProcessGroupGloo group;

    private GlooGroup(World world, Duration rendezvous) {
        String[] meeting = endpoint(world.endpoints().get(0));
        String own = endpoint(world.endpoints().get(world.rank()))[0];
        try (Scope scope = Scope.open()) {
            this.server = Scope.own(new TCPStore(meeting[0], storeOptions(world, meeting[1], rendezvous)));
            this.store = Scope.own(server.clone());
            this.generation = Scope.own(new PrefixStore("attempt-" + world.attempt(), store));
            this.shared = Scope.own(generation.clone());
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(milliseconds(rendezvous));
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(own)));
            options.threads(THREADS);
            this.group = Scope.own(new ProcessGroupGloo(shared, world.rank(), world.size(), options));
        }
    }

    static GlooGroup join(World world, Duration rendezvous, Duration timeout) {
        GlooGroup joined = new GlooGroup(world, rendezvous);
        try (Scope scope = Scope.open()) {
            joined.group.setTimeout(milliseconds(timeout));
        }
        return joined;
    }

    ProcessGroupGloo group() {
        return group;
    }

    private static TCPStoreOptions storeOptions(World world, String port, Duration rendezvous) {
        return new TCPStoreOptions()
                .port((short) Integer.parseInt(port))
                .isServer(world.rank() == 0)
                .numWorkers(new SizeTPointer(1).put(world.size()))
                .waitWorkers(false)
                .timeout(milliseconds(rendezvous));
    }

    private static Milliseconds milliseconds(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    private static String[] endpoint(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an endpoint reads host:port, this one is \"" + endpoint + "\"");
        }
        return new String[] {endpoint.substring(0, colon), endpoint.substring(colon + 1)};
    }

    @Override
    public void close() {
        for (Pointer pointer : new Pointer[] {group, shared, generation, store, server}) {
            Scope.release(pointer);
        }
    }
}
