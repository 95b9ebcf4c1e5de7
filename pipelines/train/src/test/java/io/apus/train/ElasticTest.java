package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.World;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run on two ranks, then on one, then on three, interrupted in the middle of an epoch each time. */
class ElasticTest {
    /** Additions in another order differ in the last bits of float32; the steps of AdamW let that grow a little. */
    private static final double ROUNDING = 5e-6;

    private static final int STEPS = 14;
    private static final int STEPS_OF_AN_EPOCH = 6;

    @TempDir
    private Path folder;

    private final List<JsonNode> seen = new ArrayList<>();

    @Test
    void everyStepIsMadeOnceOnTheRowsOfTheStraightRun() throws Exception {
        TinyTask tiny = TinyTask.in(folder);
        List<JsonNode> straight = new ArrayList<>();
        TrainResult whole = Trainer.run(task(tiny, "straight"), World.alone(), line -> TinyRun.addStep(straight, line));

        TrainTask task = task(tiny, "elastic");
        int first = stopped(part(task, 2, 4));
        int second = stopped(part(task, 1, 9));
        TrainResult last = part(task, 3, STEPS + 1);

        assertThat(second).isGreaterThan(first);
        assertThat(last.resumedFrom()).isEqualTo(second);
        assertThat(last.ranks()).isEqualTo(3);
        assertThat(last.tokens()).isEqualTo(whole.tokens());
        assertThat(seen)
                .extracting(line -> line.get("step").asInt())
                .isEqualTo(
                        straight.stream().map(line -> line.get("step").asInt()).toList())
                .hasSize(STEPS);
        // Other rows would have other losses: those of any two steps differ by more than rounding.
        assertThat(straight.stream()
                        .mapToLong(line -> Math.round(loss(line) / ROUNDING))
                        .distinct())
                .hasSize(STEPS);
        for (int i = 0; i < STEPS; i++) {
            assertThat(Math.abs(loss(seen.get(i)) - loss(straight.get(i)))).isLessThan(ROUNDING);
        }
        assertThat(TinyTask.largestDifference(folder.resolve("straight"), folder.resolve("elastic")))
                .isLessThan(ROUNDING);
    }

    private static TrainTask task(TinyTask tiny, String output) {
        return tiny.task(output, "full", all -> all.put("maxSteps", STEPS));
    }

    /** Goes on on {@code ranks} ranks, as threads of this process, and wishes to stop once {@code step} is done. */
    private TrainResult part(TrainTask task, int ranks, int step) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        TrainReports reports = line -> {
            TinyRun.addStep(seen, line);
            stop.set(!seen.isEmpty() && seen.get(seen.size() - 1).get("step").asInt() >= step);
        };
        return ThreadRanks.worlds(
                        ranks,
                        world -> Trainer.run(
                                task,
                                new RankPlace(world, world.rank() == 0 ? reports : TrainReports.none(), stop::get)))
                .get(0);
    }

    private static int stopped(TrainResult part) {
        assertThat(part.stopped()).isTrue();
        assertThat(part.steps() % STEPS_OF_AN_EPOCH).isNotZero();
        return part.steps();
    }

    private static double loss(JsonNode step) {
        return step.get("loss").asDouble();
    }
}
