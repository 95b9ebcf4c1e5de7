package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;

/**
 * The forming of one Gloo group: Gloo leaves this rank's address in a store and waits there for those of the others; the store is a file
 * of this process, and a thread carries the addresses to the meeting place and back.
 */
final class GlooMeeting implements AutoCloseable {
    /** Gloo's name for what a rank leaves: the number of its network device, of which there is one, and the rank. */
    private static final String KEY = "0/";

    private final MeetingPlace place;
    private final String name;
    private final World world;
    private final Path file;
    private final Store store;
    private volatile Exception problem;

    GlooMeeting(MeetingPlace place, String name, World world, Duration rendezvous) {
        this.place = place;
        this.name = name;
        this.world = world;
        try (Scope scope = Scope.open()) {
            this.file =
                    Files.createTempFile("apus-group-" + ProcessHandle.current().pid() + "-", ".store");
            this.store = Scope.own(new FileStore(file.toString(), world.size()).clone());
            store.setTimeout(new Milliseconds(rendezvous.toMillis()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The group that {@code gloo} makes of the store. */
    ProcessGroupGloo form(Function<Store, ProcessGroupGloo> gloo) {
        Thread carrier = new Thread(this::carry, "apus-meeting-" + world.rank() + name);
        carrier.setDaemon(true);
        carrier.start();
        try {
            return gloo.apply(store);
        } catch (RuntimeException e) {
            RuntimeException reason = problem == null ? e : new IllegalStateException(problem.getMessage(), problem);
            giveUp();
            throw reason;
        } finally {
            join(carrier);
        }
    }

    private void carry() {
        try (Scope scope = Scope.open()) {
            List<byte[]> all =
                    place.exchange(name, world, store.get(KEY + world.rank()).get());
            for (int rank = 0; rank < all.size(); rank++) {
                if (rank != world.rank()) {
                    store.set(KEY + rank, new ByteVector(all.get(rank)));
                }
            }
        } catch (IOException | RuntimeException e) {
            problem = e;
            giveUp();
        }
    }

    /** A store whose file is gone fails whoever waits in it. */
    private void giveUp() {
        try (Scope scope = Scope.open()) {
            store.setTimeout(new Milliseconds(1));
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits in any case: the thread works with the store. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The group lives on without its store. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Scope.release(store);
        }
    }
}
