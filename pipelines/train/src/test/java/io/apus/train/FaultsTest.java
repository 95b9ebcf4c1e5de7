package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.World;
import io.apus.train.local.LocalWorld;
import io.apus.train.local.RankFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of two ranks when one of them is ended, stopped or asked to stop. */
@Timeout(120)
class FaultsTest {
    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @Test
    void aNativeCrashOfOneRankEndsTheOtherAndItsReasonIsKept() throws IOException {
        long start = System.nanoTime();
        List<ProcessHandle> ranks = new CopyOnWriteArrayList<>();
        TrainTask task = tiny.task("out", "full", all -> all.put("maxSteps", 1_000_000));

        assertThatThrownBy(() -> new LocalWorld(2, atStep(3, ranks, rank -> signal("SEGV", rank))).run(task))
                .isInstanceOf(RankFailure.class)
                .hasMessageContaining("rank 1: its process ended with exit code 134")
                .hasMessageContaining("SIGSEGV");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(ranks).hasSize(2).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> logs = Files.list(folder.resolve("out/logs"))) {
            assertThat(logs.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.matches("rank-1-crash-\\d+\\.log"))
                    .contains("rank-0.log", "rank-1.log");
        }
    }

    @Test
    void aRankThatHangsIsToldOfAndGivenUp() throws IOException {
        List<ProcessHandle> ranks = new CopyOnWriteArrayList<>();
        TrainTask task = tiny.task("out", "full", all -> {
            all.put("maxSteps", 1_000_000);
            all.put("ddpTimeout", 5);
            all.put("launch", Map.of("stallTimeout", 1));
        });

        assertThatThrownBy(() -> new LocalWorld(2, atStep(3, ranks, rank -> signal("STOP", rank))).run(task))
                .isInstanceOf(RankFailure.class)
                .hasMessageContaining("rank 0 of 2 failed in the")
                .hasMessageContaining("no word from the other ranks for 5 s; rank(s) [1] of 2 did not come");

        assertThat(ranks).hasSize(2).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> logs = Files.list(folder.resolve("out/logs"))) {
            // A busy machine may have been called slow before the rank was stopped: of that, too, there is a file.
            assertThat(logs.filter(file -> file.getFileName().toString().startsWith("stall-after-step-")))
                    .anySatisfy(stall -> assertThat(stall)
                            .content()
                            .contains("==== rank 0", "GlooCollectives", "A rank that is missing below could not answer")
                            .doesNotContain("==== rank 1"));
        }
    }

    @Test
    void aRankThatIsToldToEndStopsAllOfThemAndSoDoesTheirParent() {
        List<ProcessHandle> ranks = new CopyOnWriteArrayList<>();
        TrainTask task = tiny.task("out", "full", all -> all.put("maxSteps", 1_000_000));

        TrainResult first = new LocalWorld(2, atStep(3, ranks, rank -> signal("TERM", rank))).run(task);

        assertThat(first.stopped()).isTrue();
        assertThat(first.steps()).isGreaterThanOrEqualTo(3);
        assertThat(folder.resolve("out/checkpoints/step-" + first.steps())).isDirectory();
        assertThat(folder.resolve("out/model")).doesNotExist();
        assertThat(ranks).hasSize(2).noneMatch(ProcessHandle::isAlive);

        AtomicReference<LocalWorld> world = new AtomicReference<>();
        world.set(new LocalWorld(
                2, atStep(first.steps() + 1, ranks, rank -> world.get().stop())));
        TrainResult second = world.get().run(task);

        assertThat(second.resumedFrom()).isEqualTo(first.steps());
        assertThat(second.stopped()).isTrue();
    }

    @Test
    void aStoppedRunGoesOnExactly() throws IOException {
        Consumer<Map<String, Object>> options = all -> all.put("maxSteps", 9);
        Trainer.run(tiny.task("straight", "full", options), World.alone(), TrainReports.none());
        TrainTask task = tiny.task("out", "full", options);
        int[] asked = new int[1];

        TrainResult stopped =
                Trainer.run(task, new RankPlace(World.alone(), TrainReports.none(), () -> ++asked[0] == 5));
        TrainResult rest = Trainer.run(task, World.alone(), TrainReports.none());

        assertThat(stopped.stopped()).isTrue();
        assertThat(stopped.steps()).isEqualTo(5);
        assertThat(rest.stopped()).isFalse();
        assertThat(rest.resumedFrom()).isEqualTo(5);
        assertThat(TinyTask.weights(folder.resolve("out"))).isEqualTo(TinyTask.weights(folder.resolve("straight")));
    }

    @Test
    void aStopAtTheLastStepIsNone() throws IOException {
        TrainTask task = tiny.task("out", "full", all -> all.put("maxSteps", 2));
        int[] asked = new int[1];

        TrainResult result =
                Trainer.run(task, new RankPlace(World.alone(), TrainReports.none(), () -> ++asked[0] == 2));

        assertThat(result.stopped()).isFalse();
        assertThat(TinyTask.weights(folder.resolve("out"))).isNotEmpty();
    }

    /** Does {@code fault} to the second rank when the first has ended a step. */
    private static TrainReports atStep(int step, List<ProcessHandle> ranks, Consumer<ProcessHandle> fault) {
        return line -> {
            if (line.contains("\"type\":\"step\"")
                    && TinyRun.json(line).get("step").asInt() == step) {
                ProcessHandle.current().children().forEach(ranks::add);
                fault.accept(ranks.get(1));
            }
        };
    }

    private static void signal(String name, ProcessHandle rank) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(rank.pid()))
                    .start()
                    .waitFor();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
