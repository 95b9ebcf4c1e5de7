package io.apus.tensor.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.World;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class CollectivesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void sumsOverRanksAndSaysWhenItIsDone() throws Exception {
        List<float[]> sums = onRanks(3, group -> {
            Tensor values = Torch.floats(group.rank() + 1, 10 * group.rank(), 0.5f);
            Pending pending = group.allReduceSum(values);
            pending.await();
            assertThat(pending.done()).isTrue();
            return Torch.toFloats(values);
        });

        assertThat(sums).hasSize(3).allSatisfy(sum -> assertThat(sum).containsExactly(6, 30, 1.5f));
    }

    @Test
    void severalReductionsMayBeUnderWay() throws Exception {
        List<float[]> sums = onRanks(2, group -> {
            List<Tensor> tensors = new ArrayList<>();
            List<Pending> pending = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Tensor tensor = Torch.zeros(1000).fill_(Torch.scalar(i + group.rank()));
                tensors.add(tensor);
                pending.add(group.allReduceSum(tensor));
            }
            pending.forEach(Pending::await);
            float[] firsts = new float[10];
            for (int i = 0; i < 10; i++) {
                firsts[i] = Torch.toFloats(tensors.get(i))[999];
            }
            return firsts;
        });

        assertThat(sums.get(0))
                .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
                .isEqualTo(sums.get(1));
    }

    @Test
    void broadcastsFromTheRoot() throws Exception {
        List<float[]> values = onRanks(2, group -> {
            Tensor own = Torch.floats(group.rank(), 7 + group.rank());
            group.broadcast(own, 1);
            return Torch.toFloats(own);
        });

        assertThat(values).allSatisfy(value -> assertThat(value).containsExactly(1, 8));
    }

    @Test
    void gathersArraysOfDifferentLengthsInOrderOfRank() throws Exception {
        List<List<String>> texts = onRanks(3, group -> {
            String own = "r".repeat(group.rank());
            return group.allGather(own.getBytes(StandardCharsets.UTF_8)).stream()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .toList();
        });
        List<List<long[]>> numbers = onRanks(2, group -> {
            group.barrier();
            return group.allGather(new long[] {group.rank(), Long.MIN_VALUE});
        });

        assertThat(texts).allSatisfy(text -> assertThat(text).containsExactly("", "r", "rr"));
        assertThat(numbers.get(0).get(1)).containsExactly(1, Long.MIN_VALUE);
    }

    @Test
    void scattersSumsAndGathersParts() throws Exception {
        List<float[]> values = onRanks(2, group -> {
            int rank = group.rank();
            Tensor part = Torch.zeros(2);
            group.reduceScatterSum(Torch.floats(1, 2, 3, 4).mul_(Torch.scalar(rank + 1)), part)
                    .await();
            Tensor whole = Torch.zeros(4);
            group.allGather(part, whole).await();
            assertThat(Torch.toFloats(part)).containsExactly(rank == 0 ? new float[] {3, 6} : new float[] {9, 12});
            assertThat(group.traffic().bytes(Traffic.Kind.REDUCE_SCATTER)).isEqualTo(8);
            assertThat(group.traffic().bytes()).isEqualTo(16);
            return Torch.toFloats(whole);
        });

        assertThat(values).allSatisfy(value -> assertThat(value).containsExactly(3, 6, 9, 12));
    }

    @Test
    void sumsNarrowNumbersInFloat32() throws Exception {
        List<float[]> values = onRanks(3, group -> {
            Tensor whole = Torch.zeros(3)
                    .fill_(Torch.scalar(group.rank() == 0 ? 256 : 1))
                    .to(DType.BF16.scalarType());
            Tensor part = Torch.zeros(1).to(DType.BF16.scalarType());
            group.reduceScatterSum(whole, part).await();
            return Torch.toFloats(part);
        });

        // In bfloat16 256 + 1 rounds to 256 at every addition.
        assertThat(values).allSatisfy(value -> assertThat(value).containsExactly(258));
    }

    @Test
    void exchangesRowsOfDifferentNumbers() throws Exception {
        List<float[]> values = onRanks(2, group -> {
            boolean first = group.rank() == 0;
            Tensor sent =
                    first ? Torch.floats(1, 2, 3).view(3, 1) : Torch.floats(4).view(1, 1);
            Tensor received = first ? Torch.zeros(1, 1) : Torch.zeros(3, 1);
            long[] out = first ? new long[] {1, 2} : new long[] {0, 1};
            long[] in = first ? new long[] {1, 0} : new long[] {2, 1};
            group.allToAll(sent, out, received, in).await();
            return Torch.toFloats(received);
        });

        assertThat(values.get(0)).containsExactly(1);
        assertThat(values.get(1)).containsExactly(2, 3, 4);
    }

    @Test
    void sendsWithinAGroupOfSomeRanks() throws Exception {
        List<float[]> values = onRanks(3, group -> {
            if (group.rank() == 1) {
                return new float[0];
            }
            Collectives pair = group.group("ends", List.of(2, 0));
            Tensor tensor = Torch.floats(group.rank());
            if (pair.rank() == 0) {
                pair.send(tensor, 1).await();
            } else {
                pair.receive(tensor, 0).await();
            }
            assertThat(pair.size()).isEqualTo(2);
            return Torch.toFloats(tensor);
        });

        assertThat(values.get(0)).containsExactly(2);
    }

    @Test
    void aRankAloneAgreesWithItself() {
        try (Scope scope = Scope.open();
                Collectives alone = Collectives.alone()) {
            Tensor values = Torch.floats(1, 2);
            alone.allReduceSum(values).await();
            assertThat(Torch.toFloats(values)).containsExactly(1, 2);
            assertThat(alone.allGather(new long[] {5})).containsExactly(new long[] {5});
        }
    }

    @Test
    void aKilledPeerFailsTheOthersWithinSeconds() throws Exception {
        List<String> endpoints = endpoints(2);
        Process peer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SilentPeer.class.getName(),
                        endpoints.get(0),
                        endpoints.get(1))
                .inheritIO()
                .start();
        try (Scope scope = Scope.open();
                Collectives group = GlooCollectives.join(new World(0, 2, endpoints, 0), LONG, LONG)) {
            group.barrier();
            Pending pending = group.allReduceSum(Torch.zeros(1_000_000));
            peer.destroyForcibly();

            long start = System.nanoTime();
            assertThatThrownBy(pending::await)
                    .isInstanceOf(CollectiveFailure.class)
                    .hasMessageContaining("rank 0 of 2 failed in the all-reduce of 1000000 elements")
                    .hasMessageContaining(endpoints.get(1));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        } finally {
            peer.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPeerThatNeverComesFailsTheRendezvousInTime() throws Exception {
        World lonely = new World(0, 2, endpoints(2), 0);

        assertThatThrownBy(() -> GlooCollectives.join(lonely, Duration.ofSeconds(2), LONG))
                .isInstanceOf(CollectiveFailure.class)
                .hasMessageContaining("rank 0 of 2 failed in meeting the other ranks")
                .hasMessageContaining("rank(s) [1] of 2 did not come within 2 s");
    }

    @Test
    void aPeerThatIsLateFailsAtTheTimeout() throws Exception {
        List<String> endpoints = endpoints(2);
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Scope scope = Scope.open()) {
            Future<Collectives> late = threads.submit(
                    () -> GlooCollectives.join(new World(1, 2, endpoints, 0), LONG, Duration.ofSeconds(1)));
            try (Collectives group = GlooCollectives.join(new World(0, 2, endpoints, 0), LONG, Duration.ofSeconds(1));
                    Collectives peer = late.get(60, TimeUnit.SECONDS)) {
                assertThat(peer.rank()).isEqualTo(1);
                Pending pending = group.allReduceSum(Torch.zeros(10));
                assertThatThrownBy(pending::await).isInstanceOf(CollectiveFailure.class);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static <R> List<R> onRanks(int size, Function<Collectives, R> work) throws Exception {
        List<String> endpoints = endpoints(size);
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            List<Callable<R>> ranks = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                World world = new World(rank, size, endpoints, 0);
                ranks.add(() -> {
                    try (Scope scope = Scope.open();
                            Collectives group = GlooCollectives.join(world, LONG, LONG)) {
                        R result = work.apply(group);
                        group.barrier();
                        return result;
                    }
                });
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : threads.invokeAll(ranks, 120, TimeUnit.SECONDS)) {
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
                endpoints.add("127.0.0.1:" + (rank == 0 ? socket.getLocalPort() : rank));
            }
            return endpoints;
        }
    }
}
