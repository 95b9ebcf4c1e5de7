package io.apus.train.parallel;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.GlooCollectives;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ranks as threads of this process, which really talk to each other over TCP: quicker to start than processes. */
public final class ThreadRanks {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a rank does with its world or with those whom it met there. */
    public interface Work<T, R> {
        R on(T place) throws Exception;
    }

    private ThreadRanks() {}

    /** What {@code work} returns on every rank, by rank; each rank has a scope of its own around it. */
    public static <R> List<R> run(int size, Work<Collectives, R> work) throws Exception {
        return worlds(size, world -> {
            try (Scope scope = Scope.open();
                    Collectives group =
                            size == 1 ? Collectives.alone() : GlooCollectives.join(world, PATIENCE, PATIENCE)) {
                R result = work.on(group);
                group.barrier();
                return result;
            }
        });
    }

    /** As {@link #run}, for work that joins its world itself. */
    public static <R> List<R> worlds(int size, Work<World, R> work) throws Exception {
        List<String> endpoints = endpoints(size);
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            List<Callable<R>> ranks = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                World world = new World(rank, size, endpoints, 0);
                ranks.add(() -> work.on(world));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : threads.invokeAll(ranks, 300, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> endpoints(int size) throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            List<String> endpoints = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                endpoints.add("127.0.0.1:" + (rank == 0 ? socket.getLocalPort() : 0));
            }
            return endpoints;
        }
    }
}
