package io.apus.train.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.train.TrainReports;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.checkpoint.Folders;
import io.apus.train.log.RankLogs;
import io.apus.train.watch.StallFiles;
import io.apus.train.watch.Watchdog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs a trainer's ranks as processes of this machine, without Spark.
 *
 * <p>Each rank is a Java process with this one's class path, one compute thread and a small heap; its tensors lie outside the heap, so a
 * rank takes about 0.3 GB for the libraries, plus model, gradients and optimiser, plus activations. When one rank ends badly the others
 * are stopped and its error is thrown here. A rank whose parent dies ends by itself. What the ranks print is kept below the output.
 */
public final class LocalWorld {
    private static final String HOST = "127.0.0.1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(20);
    /** Time for the other ranks' errors to arrive, so that the first cause can be told from its consequences. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final int size;
    private final TrainReports reports;
    private final List<Integer> cores;
    private final List<RankProcess> ranks = new CopyOnWriteArrayList<>();

    /**
     * @param size number of ranks
     * @param reports gets rank 0's messages, on a thread of this class
     */
    public LocalWorld(int size, TrainReports reports) {
        this(size, reports, List.of());
    }

    private LocalWorld(int size, TrainReports reports, List<Integer> cores) {
        this.size = size;
        this.reports = reports;
        this.cores = cores;
    }

    /**
     * A world in which every rank may use one core only, with all of its threads, as a rank on an executor of one core does. Linux alone
     * can do so (taskset).
     *
     * @param cores the core of each rank, counted from 0; as many as there are ranks
     */
    public static LocalWorld onCores(List<Integer> cores, TrainReports reports) {
        return new LocalWorld(cores.size(), reports, List.copyOf(cores));
    }

    /**
     * Trains and waits for the end.
     *
     * @throws UserError that of a rank
     * @throws RankFailure when a rank failed otherwise or was killed
     */
    public TrainResult run(TrainTask task) {
        Path folder = temporaryFolder();
        RankLogs logs = RankLogs.of(Path.of(task.output()));
        try {
            Files.createDirectories(logs.folder());
            Path taskFile = Files.writeString(folder.resolve("task.json"), task.toJson());
            List<String> endpoints = endpoints();
            TrainReports told = keepingStalls(new StallFiles(logs.folder()));
            for (int rank = 0; rank < size; rank++) {
                ranks.add(RankProcess.start(pinning(rank), rank, endpoints, taskFile, logs, told));
            }
            return await(ranks);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the ranks", e);
        } finally {
            ranks.forEach(RankProcess::close);
            ranks.clear();
            logs.close();
            remove(folder);
        }
    }

    /** Asks a run under way to end after the step at hand, with a checkpoint; its result then says that it was stopped. */
    public void stop() {
        ranks.stream().findFirst().ifPresent(RankProcess::stop);
    }

    private List<String> pinning(int rank) {
        return cores.isEmpty()
                ? List.of()
                : List.of("taskset", "--cpu-list", cores.get(rank).toString());
    }

    private TrainReports keepingStalls(StallFiles stalls) {
        return line -> {
            if (line.startsWith("{\"type\":\"" + Watchdog.TYPE)) {
                stalls.accept(parse(line)).ifPresent(System.err::println);
            }
            reports.report(line);
        };
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a report is a JSON object, this one is " + line, e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("apus-ranks");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }

    private static void remove(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private static TrainResult await(List<RankProcess> ranks) {
        while (ranks.stream().anyMatch(RankProcess::running)) {
            if (ranks.stream().anyMatch(RankProcess::failed)) {
                break;
            }
            pause(POLL);
        }
        if (ranks.stream().anyMatch(RankProcess::failed)) {
            throw cause(ranks);
        }
        return ranks.get(0).result();
    }

    /** Ranks that merely lost a peer explain nothing; a user's mistake explains most. */
    private static RuntimeException cause(List<RankProcess> ranks) {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (ranks.stream().anyMatch(RankProcess::running) && System.nanoTime() < deadline) {
            pause(POLL);
        }
        Optional<RankOutcome> first = ranks.stream()
                .filter(RankProcess::failed)
                .map(RankProcess::outcome)
                .min(Comparator.comparing(RankOutcome::kind).thenComparing(RankOutcome::rank));
        return first.orElseThrow().exception();
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        }
    }

    /** A free port for rank 0; the other ranks choose their own and need only an address. */
    private List<String> endpoints() throws IOException {
        List<String> endpoints = new ArrayList<>();
        try (ServerSocket free = new ServerSocket(0)) {
            for (int rank = 0; rank < size; rank++) {
                endpoints.add(HOST + ":" + (rank == 0 ? free.getLocalPort() : 0));
            }
        }
        return endpoints;
    }
}
