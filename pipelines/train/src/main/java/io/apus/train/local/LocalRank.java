package io.apus.train.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.tensor.collective.CollectiveFailure;
import io.apus.train.RankPlace;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;
import io.apus.train.local.RankOutcome.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** The main class of a rank's process. */
final class LocalRank {
    /** Begins each line of standard output that is a message for the parent. */
    static final String MARK = "apus-report ";

    private static final AtomicBoolean STOP = new AtomicBoolean();

    private LocalRank() {}

    /** Arguments: rank, endpoints with commas between, file of the task, file that receives the outcome. */
    public static void main(String[] args) throws IOException {
        endWithParent();
        Runtime.getRuntime().addShutdownHook(new Thread(LocalRank::stopAndWait, "stop"));
        int rank = Integer.parseInt(args[0]);
        System.err.println("rank " + rank + " at " + args[1] + ", process "
                + ProcessHandle.current().pid());
        RankOutcome outcome = train(rank, List.of(args[1].split(",")), Path.of(args[2]));
        Path file = Path.of(args[3]);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        new ObjectMapper().writeValue(temporary.toFile(), outcome);
        Files.move(temporary, file);
        // Not exit(): a thread of a broken process group would hold up the shutdown.
        Runtime.getRuntime().halt(outcome.kind() == Kind.DONE ? 0 : 1);
    }

    private static RankOutcome train(int rank, List<String> endpoints, Path taskFile) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            TrainTask task = TrainTask.fromJson(Files.readString(taskFile));
            World world = new World(rank, endpoints.size(), endpoints, 0);
            RankPlace place = new RankPlace(world, line -> out.println(MARK + line), STOP::get);
            return new RankOutcome(rank, Kind.DONE, "", Trainer.run(task, place));
        } catch (UserError e) {
            System.err.println(e.getMessage());
            return new RankOutcome(rank, Kind.USER_ERROR, e.getMessage(), null);
        } catch (CollectiveFailure e) {
            e.printStackTrace();
            return new RankOutcome(rank, Kind.LOST_PEER, e.getMessage(), null);
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            return new RankOutcome(rank, Kind.BUG, e.toString(), null);
        }
    }

    /** Told to end (SIGTERM), the process still does the step at hand and the checkpoint: {@link #main} halts it then. */
    private static void stopAndWait() {
        STOP.set(true);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The parent holds the other end of standard input: what it writes there asks to stop; when it closes, the parent is gone. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            STOP.set(true);
                        }
                    } catch (IOException e) {
                        System.err.println("lost the parent process: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
