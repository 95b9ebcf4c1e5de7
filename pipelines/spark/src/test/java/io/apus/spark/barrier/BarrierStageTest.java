package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.testkit.EmbeddedCluster;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Two executor processes, started once for all the tests. */
@Timeout(120)
class BarrierStageTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        EmbeddedCluster cluster = EmbeddedCluster.in(folder.resolve("spark"));
        Map<String, String> settings = cluster.settings(2, 1);
        BarrierSettings.addTo(settings);
        spark = cluster.whileStarting(() -> OwnSession.open(settings));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private record Seen(int rank, int size, int attempt, List<String> endpoints, long pid) implements Serializable {}

    private static <R extends Serializable> List<R> run(RankTask<R> task, RankListener listener)
            throws InterruptedException {
        return BarrierStage.run(spark, 2, RankRequest.ofSession(), SOON, task, listener);
    }

    @Test
    void everyRankKnowsItsPlaceAndReachesRankZero() throws Exception {
        List<Seen> seen = run(BarrierStageTest::greet, (rank, line) -> {});

        assertThat(seen).extracting(Seen::rank).containsExactly(0, 1);
        assertThat(seen).extracting(Seen::size).containsOnly(2);
        assertThat(seen).extracting(Seen::attempt).containsOnly(0);
        assertThat(seen.get(0).endpoints())
                .isEqualTo(seen.get(1).endpoints())
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(seen)
                .extracting(Seen::pid)
                .doesNotHaveDuplicates()
                .doesNotContain(ProcessHandle.current().pid());
    }

    /** Rank 0 listens on the port that was reserved for it, the other one connects. */
    private static Seen greet(RankContext rank) throws IOException {
        World world = rank.world();
        String endpoint = world.endpoints().get(0);
        String host = BarrierWorld.host(endpoint);
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        if (world.rank() == 0) {
            try (ServerSocket server = new ServerSocket()) {
                server.bind(new InetSocketAddress(host, port));
                server.setSoTimeout(20_000);
                server.accept().close();
            }
        } else {
            connect(host, port);
        }
        return new Seen(
                world.rank(),
                world.size(),
                world.attempt(),
                world.endpoints(),
                ProcessHandle.current().pid());
    }

    private static void connect(String host, int port) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try (Socket socket = new Socket(host, port)) {
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
        }
    }

    @Test
    void reportsArriveInOrderWhileTheRanksStillRun() throws Exception {
        Path gate = folder.resolve("gate");
        List<String> first = new CopyOnWriteArrayList<>();
        String opened = gate.toString();
        RankTask<Integer> task = rank -> {
            IntStream.range(0, 200).forEach(i -> rank.report(String.valueOf(i)));
            awaitFile(Path.of(opened));
            rank.report("end");
            return rank.world().rank() * 10;
        };

        List<Integer> results = run(task, (rank, line) -> {
            if (rank == 0) {
                first.add(line);
            }
            if (rank == 0 && line.equals("199")) {
                createFile(gate);
            }
        });

        List<String> expected = new ArrayList<>(
                IntStream.range(0, 200).mapToObj(String::valueOf).toList());
        expected.add("end");
        assertThat(results).containsExactly(0, 10);
        assertThat(first).isEqualTo(expected);
    }

    @Test
    void whatARankPrintsLogsAndThrowsIsHeardOnTheDriver() {
        Path gate = folder.resolve("rank-0-has-printed");
        List<String> lines = new CopyOnWriteArrayList<>();
        RankListener listener = new RankListener() {
            @Override
            public void report(int rank, String line) {}

            @Override
            public void log(int rank, String line) {
                lines.add(rank + " " + line);
                if (line.equals("printed by 0")) {
                    createFile(gate);
                }
            }
        };
        String opened = gate.toString();

        assertThatThrownBy(() -> run(rank -> talkAndFail(rank, opened), listener))
                .isInstanceOf(RankFailure.class);

        assertThat(lines)
                .anyMatch(line -> line.matches("0 rank 0 of 2, attempt 0, at 127.0.0.1:\\d+, on cpu, process \\d+"));
        assertThat(lines).contains("0 printed by 0", "1 printed by 1", "1 its last words");
        assertThat(lines).anyMatch(line -> line.startsWith("1 ") && line.endsWith("WARN ranks: logged by 1"));
        assertThat(lines).anyMatch(line -> line.startsWith("1 Exception in thread \"helper\""));
        assertThat(lines).contains("1 java.lang.IllegalStateException: nothing works");
        assertThat(lines).anyMatch(line -> line.startsWith("1 \tat ") && line.contains("talkAndFail"));
        assertThat(lines).noneMatch(line -> line.startsWith("0 ") && line.endsWith("by 1"));
    }

    private static Integer talkAndFail(RankContext rank, String gate) throws InterruptedException {
        int number = rank.world().rank();
        System.out.println("printed by " + number);
        LoggerFactory.getLogger("ranks").warn("logged by {}", number);
        if (number == 0) {
            return waitForEver();
        }
        awaitFile(Path.of(gate));
        Thread helper = new Thread(
                () -> {
                    throw new IllegalArgumentException("in a thread of its own");
                },
                "helper");
        helper.setUncaughtExceptionHandler((thread, fault) -> {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            fault.printStackTrace();
        });
        helper.start();
        helper.join();
        System.out.print("its last words");
        throw new IllegalStateException("nothing works");
    }

    @Test
    void aUserErrorOfOneRankIsTheUsersError() {
        RankTask<Integer> task = rank -> {
            if (rank.world().rank() == 1) {
                throw new UserError("Cannot load weights", "the file is empty", "Download it again.");
            }
            return waitForEver();
        };

        assertThatThrownBy(() -> run(task, (rank, line) -> {}))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot load weights: the file is empty. Download it again.");
    }

    @Test
    void aBugOfOneRankShowsItsOwnStackTraceAndNotThePeersComplaint() {
        assertThatThrownBy(() -> run(new Failing(1), (rank, line) -> {}))
                .isInstanceOf(RankFailure.class)
                .hasMessageContaining("rank 1 of 2")
                .hasMessageContaining("layer 3 is not finite")
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .satisfies(
                        bug -> assertThat(bug.getStackTrace()[0].getClassName()).contains("BarrierStageTest"));
    }

    @Test
    void whenAllRanksBlameEachOtherTheFirstComplaintIsShown() {
        assertThatThrownBy(() -> run(new Failing(-1), (rank, line) -> {}))
                .isInstanceOf(RankFailure.class)
                .hasMessageContaining("connection closed by peer");
    }

    /** One rank fails by its own fault (none if -1), the others see only that their connection breaks. */
    private record Failing(int guilty) implements RankTask<Integer> {
        @Override
        public Integer run(RankContext rank) throws Exception {
            if (rank.world().rank() == guilty) {
                throw new IllegalStateException("layer 3 is not finite");
            }
            throw new IOException("connection closed by peer");
        }

        @Override
        public boolean causedByPeer(Throwable failure) {
            return failure instanceof IOException;
        }
    }

    /** Without the refusal Spark would look for slots forty times, 15 s apart. */
    @Test
    @Timeout(30)
    void tooFewSlotsAreRefusedAtOnceWithTheArithmetic() {
        long start = System.nanoTime();

        assertThatThrownBy(
                        () -> BarrierStage.run(spark, 5, RankRequest.ofSession(), SOON, rank -> 1, (rank, line) -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("need 5 task slots")
                .hasMessageContaining("can have 2 slots = 2 executors x 1 core / spark.task.cpus 1")
                .hasMessageContaining("train.world_size=2");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aKilledExecutorRetriesTheStageAsAttemptOne() throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        List<String> retries = new CopyOnWriteArrayList<>();
        RankListener listener = new RankListener() {
            @Override
            public void report(int rank, String pid) {
                if (rank == 1 && killed.compareAndSet(false, true)) {
                    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
                }
            }

            @Override
            public void retried(int attempt, String reason) {
                retries.add(attempt + " " + reason);
            }
        };

        List<Integer> attempts = run(BarrierStageTest::waitUnlessRetried, listener);

        assertThat(killed).isTrue();
        assertThat(attempts).containsExactly(1, 1);
        assertThat(retries).singleElement().asString().startsWith("1 executor ").contains("137");
    }

    private static Integer waitUnlessRetried(RankContext rank) throws InterruptedException {
        if (rank.world().attempt() == 0) {
            rank.report(String.valueOf(ProcessHandle.current().pid()));
            return waitForEver();
        }
        return rank.world().attempt();
    }

    @Test
    void theDriverCanAskTheRanksToEndWell() throws Exception {
        AtomicBoolean news = new AtomicBoolean();

        RankTask<Integer> task = rank -> rank.world().rank() == 0 ? countUntilStopped(rank) : 0;
        List<Integer> steps = run(task, (rank, line) -> {
            if (line.startsWith("process")) {
                news.set(BarrierStage.stopAll());
            }
        });

        assertThat(news).isTrue();
        assertThat(steps.get(0)).isPositive();
        assertThat(BarrierStage.stopAll()).isFalse();
    }

    @Test
    void aCancelledJobGivesTheRanksTimeAndIsNoFailure() {
        Path ended = folder.resolve("ended-after-cancel");
        String file = ended.toString();
        RankTask<Integer> task = rank -> {
            int steps = countUntilStopped(rank);
            createFile(Path.of(file + rank.world().rank()));
            return steps;
        };

        AtomicInteger running = new AtomicInteger();
        assertThatThrownBy(() -> run(task, (rank, line) -> {
                    if (running.incrementAndGet() == 2) {
                        spark.sparkContext().cancelAllJobs();
                    }
                }))
                .isInstanceOf(RanksCancelled.class);

        assertThat(Path.of(file + "0")).exists();
        assertThat(Path.of(file + "1")).exists();
    }

    @Test
    void aSignalToAnExecutorIsHeardByItsRank() throws Exception {
        List<Integer> steps = run(rank -> rank.world().rank() == 1 ? countUntilStopped(rank) : 0, (rank, line) -> {
            if (rank == 1) {
                ProcessHandle.of(Long.parseLong(line.substring("process ".length())))
                        .orElseThrow()
                        .destroy();
            }
        });

        assertThat(steps.get(1)).isPositive();
    }

    private static Integer countUntilStopped(RankContext rank) throws InterruptedException {
        int steps = 0;
        while (!rank.stopRequested()) {
            if (++steps == 1) {
                rank.report("process " + ProcessHandle.current().pid());
            }
            Thread.sleep(5);
        }
        return steps;
    }

    private static Integer waitForEver() throws InterruptedException {
        Thread.sleep(Duration.ofMinutes(10).toMillis());
        return -1;
    }

    private static void createFile(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            Thread.sleep(10);
        }
    }
}
