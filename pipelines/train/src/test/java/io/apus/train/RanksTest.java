package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.train.local.LocalWorld;
import io.apus.train.local.RankFailure;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same runs on one rank in this process and on several in processes of their own. */
class RanksTest {
    /** Additions in another order differ in the last bits of float32; twenty steps of AdamW let that grow a little. */
    private static final double ROUNDING = 5e-6;

    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @Test
    void oneRankEqualsTwo() throws IOException {
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> two = new ArrayList<>();
        Trainer.run(task("one"), World.alone(), line -> TinyRun.addStep(alone, line));
        TrainResult result = new LocalWorld(2, line -> TinyRun.addStep(two, line)).run(task("two"));

        double steps = largestDifference(alone, two);
        double weights = TinyTask.largestDifference(folder.resolve("one"), folder.resolve("two"));
        assertThat(alone).hasSize(20);
        assertThat(steps).isLessThan(ROUNDING);
        assertThat(weights).isLessThan(ROUNDING);
        assertThat(result.ranks()).isEqualTo(2);
        assertThat(result.peakRssBytes()).hasSize(2);
        assertThat(result.phases())
                .containsOnlyKeys("start", "load", "meet", "share", "restore", "measure", "first_step")
                .allSatisfy((phase, seconds) -> assertThat(seconds).isNotNegative());
        everyRankIsSeenInTheLog(folder.resolve("two"), result);
    }

    /** A line a step: the ranks' tokens add up to those of the run, and their own passes are part of a step. */
    private static void everyRankIsSeenInTheLog(Path run, TrainResult result) throws IOException {
        long tokens = 0;
        for (String text : Files.readAllLines(run.resolve("logging.jsonl"))) {
            JsonNode line = TinyRun.json(text);
            if (!line.has("ranks")) {
                continue;
            }
            JsonNode ranks = line.get("ranks");
            assertThat(ranks).hasSize(2);
            for (JsonNode rank : ranks) {
                assertThat(rank.get("peak_memory_bytes").asLong())
                        .isGreaterThanOrEqualTo(rank.get("memory_bytes").asLong());
                assertThat(rank.get("busy_seconds").asDouble())
                        .isPositive()
                        .isLessThanOrEqualTo(rank.get("step_seconds").asDouble());
                tokens += Math.round(rank.get("tokens_per_second").asDouble()
                        * rank.get("step_seconds").asDouble());
            }
            assertThat(line.get("matrix_product_share").asDouble()).isPositive();
        }
        assertThat(tokens).isEqualTo(result.tokens());
    }

    @Test
    void ranksWithoutAPassStillTakePart() throws Exception {
        Consumer<Map<String, Object>> onePass = all -> {
            all.put("maxSteps", 3);
            all.put("gradientAccumulationSteps", 1);
        };
        Trainer.run(tiny.task("one", "full", onePass), World.alone(), TrainReports.none());
        TrainTask three = tiny.task("three", "full", onePass);
        ThreadRanks.worlds(3, world -> Trainer.run(three, world, TrainReports.none()));

        assertThat(TinyTask.weights(folder.resolve("three"))).isEqualTo(TinyTask.weights(folder.resolve("one")));
    }

    @Test
    void dropoutDependsOnThePassAndNotOnTheRankThatDoesIt() {
        Consumer<Map<String, Object>> sixSteps = all -> all.put("maxSteps", 6);
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> two = new ArrayList<>();
        Trainer.run(tiny.task("one", "lora", sixSteps), World.alone(), line -> TinyRun.addStep(alone, line));
        new LocalWorld(2, line -> TinyRun.addStep(two, line)).run(tiny.task("two", "lora", sixSteps));

        assertThat(largestDifference(alone, two)).isLessThan(ROUNDING);
    }

    @Test
    void aKilledRankEndsTheOthersInBoundedTime() {
        List<ProcessHandle> ranks = new ArrayList<>();
        TrainReports killRankOne = line -> {
            if (line.contains("\"type\":\"step\"")
                    && TinyRun.json(line).get("step").asInt() == 3) {
                ProcessHandle.current().children().forEach(ranks::add);
                ranks.get(ranks.size() - 1).destroyForcibly();
            }
        };
        TrainTask task = tiny.task("out", "full", all -> all.put("maxSteps", 1_000_000));

        long start = System.nanoTime();
        assertThatThrownBy(() -> new LocalWorld(2, killRankOne).run(task))
                .isInstanceOf(RankFailure.class)
                .hasMessageContaining("its process ended with exit code 137");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(90));
        assertThat(ranks).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(folder.resolve("out/logs/rank-0.log")).content().startsWith("rank 0 at 127.0.0.1:");
        assertThat(folder.resolve("out/logs/rank-1.log")).content().endsWith("its process ended with exit code 137\n");
    }

    @Test
    void aRanksUserErrorArrivesAsItIs() {
        TrainTask task = TinyTask.withModel(task("out"), folder.resolve("train"));

        assertThatThrownBy(() -> new LocalWorld(2, TrainReports.none()).run(task))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("config.json");
        assertThat(folder.resolve("out/logs/rank-1.log")).content().contains("config.json");
    }

    private TrainTask task(String output) {
        return tiny.task(output, "full", all -> all.put("maxSteps", 20));
    }

    private static double largestDifference(List<JsonNode> a, List<JsonNode> b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.size(); i++) {
            largest = Math.max(
                    largest,
                    Math.abs(a.get(i).get("loss").asDouble()
                            - b.get(i).get("loss").asDouble()));
        }
        return largest;
    }
}
