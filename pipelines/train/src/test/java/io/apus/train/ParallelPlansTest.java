package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.World;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Torch;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever way ranks share a model, they train it as one rank does: same losses, same weights after twenty steps. */
class ParallelPlansTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STEPS = 20;
    /** Additions in another order differ in the last bits, and AdamW divides small gradients by their own size. */
    private static final double ROUNDING = 2e-4;

    @TempDir
    private static Path folder;

    private static TinyTask tiny;

    @BeforeAll
    static void trainAlone() throws Exception {
        tiny = TinyTask.in(folder);
        for (String tuner : List.of("full", "lora")) {
            train(1, task("alone-" + tuner, tuner, Map.of("gradientAccumulationSteps", 4)));
        }
    }

    /** Four passes of two rows make a step, whoever does them. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "cp=2, full, true",
        "cp=2, lora, false",
        "cp=4, full, false",
        "cp=6, lora, true",
        "dp=2 cp=2, lora, true",
        "pp=2, full, false",
        "pp=2, lora, true",
        "dp=2 pp=2, full, true",
        "pp=2 cp=2, full, false",
        "pp=2 tp=2, full, false",
        "zero1 dp=2 tp=2, full, false",
        "zero2 dp=2 tp=2, lora, true",
        "zero3 dp=2 tp=2, full, false",
        "zero1 dp=2 pp=2, full, false",
        "zero2 dp=2 pp=2, full, true",
        "zero3 dp=2 pp=2, full, false",
        "zero3 dp=2 pp=2, lora, true",
        "zero1 dp=4 dp_shard=2, full, false",
        "zero2 dp=4 dp_shard=2, lora, true",
        "zero3 dp=4 dp_shard=2, full, false",
    })
    void trainsAsOneRankDoes(String plan, String tuner, boolean checkpointed) throws Exception {
        Map<String, Object> options = options(plan, checkpointed);
        int ranks = (int) options.get("worldSize");
        String output = plan + tuner + checkpointed;

        List<Double> losses = train(ranks, task(output, tuner, options));

        sameAsAlone(tuner, output, losses);
    }

    /** What the ranks of one plan have kept half way, those of another take up. */
    @ParameterizedTest(name = "{0} then {1} {2}")
    @CsvSource({
        "tp=2, dp=1, full",
        "pp=2, dp=1, lora",
        "dp=1, pp=2 tp=2, full",
        "cp=2, dp=2, lora",
        "zero1 dp=2 tp=2, dp=1, full",
        "dp=2, zero3 dp=2 tp=2, lora",
        "zero1 dp=2 pp=2, zero2 dp=2 tp=2, full",
        "zero3 dp=2 pp=2, zero2 dp=2, full",
        "zero3 dp=4 dp_shard=2, zero2 dp=2, full",
    })
    void aCheckpointGoesOnUnderAnotherPlan(String first, String second, String tuner) throws Exception {
        String output = first + " then " + second + tuner;
        TrainTask before = task(output, tuner, options(first, false));
        ThreadRanks.worlds(before.train().worldSize(), world -> {
            int[] steps = {0};
            return Trainer.run(before, new RankPlace(world, TrainReports.none(), () -> ++steps[0] == STEPS / 2));
        });
        TrainTask after = task(output, tuner, options(second, true));

        List<TrainResult> results =
                ThreadRanks.worlds(after.train().worldSize(), world -> Trainer.run(after, world, TrainReports.none()));

        assertThat(results).allMatch(result -> result.resumedFrom() == STEPS / 2);
        sameAsAlone(tuner, output, losses(output));
    }

    private static Map<String, Object> options(String plan, boolean checkpointed) {
        Map<String, Object> options = PlanWords.options(plan);
        options.put("gradientCheckpointing", checkpointed);
        return options;
    }

    private static void sameAsAlone(String tuner, String output, List<Double> losses) throws IOException {
        List<Double> alone = losses("alone-" + tuner);
        assertThat(losses).hasSize(STEPS);
        for (int i = 0; i < STEPS; i++) {
            assertThat(Math.abs(losses.get(i) - alone.get(i)))
                    .as("loss of step " + (i + 1))
                    .isLessThan(ROUNDING);
        }
        assertThat(TinyTask.largestDifference(folder.resolve("alone-" + tuner), folder.resolve(output)))
                .isLessThan(ROUNDING);
    }

    /** Stopped after seven steps of two stages, one rank takes the other thirteen: together what one rank does. */
    @Test
    void aCheckpointOfStagesGoesOnAtOneRank() throws Exception {
        Map<String, Object> options = Map.of(
                "sharing", Map.of("parallel", Map.of("pp", "2")), "worldSize", 2, "gradientAccumulationSteps", 4);
        TrainTask stages = task("stages", "full", options);
        ThreadRanks.worlds(2, world -> {
            AtomicInteger steps = new AtomicInteger();
            Torch.threads(1);
            return Trainer.run(stages, new RankPlace(world, TrainReports.none(), () -> steps.incrementAndGet() == 7));
        });

        TrainTask rest = task("stages", "full", Map.of("gradientAccumulationSteps", 4));
        TrainResult result = Trainer.run(rest, World.alone(), TrainReports.none());

        assertThat(result.resumedFrom()).isEqualTo(7);
        assertThat(losses("stages")).hasSize(STEPS);
        assertThat(TinyTask.largestDifference(folder.resolve("alone-full"), folder.resolve("stages")))
                .isLessThan(ROUNDING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zero3 dp=2 pp=2", "zero3 dp=4 dp_shard=2"})
    void aStoppedRunGoesOnExactly(String plan) throws Exception {
        Map<String, Object> options = options(plan, false);
        options.put("maxSteps", 5);
        TrainTask straight = task("straight " + plan, "full", options);
        TinyTask.run(straight);
        TrainTask stopped = task("stopped " + plan, "full", options);
        TinyTask.run(stopped, 3);

        assertThat(TinyTask.run(stopped)).isEqualTo(3);
        assertThat(TinyTask.weights(Path.of(stopped.output()))).isEqualTo(TinyTask.weights(Path.of(straight.output())));
    }

    /** Ranks 0 and 2 are on one host, 1 and 3 on another: each pair keeps a copy, as any two ranks with dp_shard=2 do. */
    @Test
    void eachHostKeepsACopy() throws Exception {
        Map<String, Object> options = options("zero0 dp=4", false);
        options.put("sharing", Map.of("fsdp", Map.of("fsdp", "hybrid_shard auto_wrap")));
        TrainTask task = task("hosts", "full", options);
        List<TrainResult> results = ThreadRanks.worlds(4, world -> {
            List<String> endpoints = new ArrayList<>();
            for (int rank = 0; rank < 4; rank++) {
                String port = world.endpoints().get(rank).replaceFirst(".*:", ":");
                endpoints.add((rank % 2 == 0 ? "127.0.0.1" : "127.0.0.2") + port);
            }
            Torch.threads(1);
            return Trainer.run(task, new World(world.rank(), 4, endpoints, 0), TrainReports.none());
        });
        sameAsAlone("full", "hosts", losses("hosts"));

        Map<String, Object> pairs = options("zero3 dp=4 dp_shard=2", false);
        pairs.put("maxSteps", 2);
        TrainTask same = task("pairs", "full", pairs);
        double sent = ThreadRanks.worlds(4, world -> Trainer.run(same, world, TrainReports.none()))
                .get(0)
                .sentBytes();
        assertThat(results.get(0).sentBytes()).isEqualTo(sent);
    }

    private static TrainTask task(String output, String tuner, Map<String, Object> options) {
        TunerSpec undropped =
                JSON.convertValue(Map.of("tunerType", tuner, "lora", Map.of("loraDropout", 0)), TunerSpec.class);
        TrainTask task = tiny.task(output, tuner, all -> {
            all.put("maxSteps", STEPS);
            all.putAll(options);
        });
        return TinyTask.withTuner(task, undropped);
    }

    private static List<Double> train(int ranks, TrainTask task) throws Exception {
        ThreadRanks.worlds(ranks, world -> {
            Torch.threads(1);
            return Trainer.run(task, world, TrainReports.none());
        });
        return losses(Path.of(task.output()).getFileName().toString());
    }

    private static List<Double> losses(String output) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(output).resolve("logging.jsonl"))) {
            JsonNode message = TinyRun.json(line);
            if (message.has("loss")) {
                losses.add(message.get("loss").asDouble());
            }
        }
        return losses;
    }
}
