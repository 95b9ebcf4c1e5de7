package io.apus.tensor.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.Remains;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A network that loses everything and says nothing: both ends live, no packet arrives, no connection breaks. */
class SilentCutTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int RANKS = 3;

    private final CyclicBarrier allHaveMet = new CyclicBarrier(RANKS);

    @Test
    void everyRankGivesUpWithinTheTimeoutSaysWhomItMissesAndLeavesNothing() throws Exception {
        Set<String> listening = Remains.listening();
        try (Relay relay = new Relay()) {
            int port = freePort();
            relay.to(0, port);
            ExecutorService threads = Executors.newFixedThreadPool(RANKS);
            List<CompletableFuture<CollectiveFailure>> ends = IntStream.range(0, RANKS)
                    .mapToObj(rank -> CompletableFuture.supplyAsync(() -> lose(world(rank, port), relay), threads))
                    .toList();

            for (int rank = 0; rank < RANKS; rank++) {
                assertThat(ends.get(rank).get())
                        .hasMessageContaining("rank " + rank + " of 3 failed in the all-reduce of 10 elements")
                        .hasMessageContaining("no word from the other ranks for 3 s")
                        .hasMessageContaining(
                                rank == 0 ? "rank(s) [1, 2] of 3 did not come" : "rank 0 at /127.0.0.11:");
            }
            threads.shutdown();
        }

        assertThat(Remains.ofRanks()).isEmpty();
        assertThat(Remains.listening()).isEqualTo(listening);
    }

    private CollectiveFailure lose(World world, Relay relay) {
        try (Scope scope = Scope.open();
                Collectives group = GlooCollectives.join(world, LONG, TIMEOUT)) {
            group.barrier();
            if (awaitOthers() == 0) {
                relay.cut();
            }
            awaitOthers();
            Pending pending = group.allReduceSum(Torch.zeros(10));
            long start = System.nanoTime();
            CollectiveFailure failure = catchThrowableOfType(CollectiveFailure.class, pending::await);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(5));
            return failure;
        }
    }

    private int awaitOthers() {
        try {
            return allHaveMet.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static World world(int rank, int port) {
        String meeting = (rank == 0 ? Relay.host(0) : Relay.standIn(0)) + ":" + port;
        return new World(rank, RANKS, List.of(meeting, Relay.host(1) + ":1", Relay.host(2) + ":2"), 0);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
