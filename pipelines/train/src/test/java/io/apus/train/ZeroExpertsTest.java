package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ranks that share experts keep parts of these with those who have the same ones, and of all else with everybody: together they train as one rank
 * does. Experts are linears of their own (Mixtral) or lie in one tensor (gpt-oss).
 */
class ZeroExpertsTest {
    private static final int STEPS = 20;
    /** Additions in another order differ in the last bits, and AdamW divides small gradients by their own size. */
    private static final double ROUNDING = 5e-5;
    /** Keeps those that are 0 but for rounding from becoming steps of full length. */
    private static final double EPSILON = 1e-5;

    @TempDir
    private static Path folder;

    private static TinyTask tiny;
    private static final Map<String, Path> MODELS = new HashMap<>();

    @BeforeAll
    static void trainAlone() throws Exception {
        tiny = TinyTask.in(folder);
        for (String family : List.of("mixtral", "gpt_oss")) {
            MODELS.put(family, tiny.model(family));
            TinyTask.run(task(family, "full", "dp=1"));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "zero1 dp=4 ep=2, mixtral",
        "zero2 dp=2 ep=2, gpt_oss",
        "zero3 dp=4 ep=2, gpt_oss",
        "zero3 dp=2 ep=2 tp=2, mixtral",
        "zero3 dp=4 dp_shard=2 ep=2, gpt_oss",
    })
    void trainsAsOneRankDoes(String plan, String family) throws Exception {
        long before = Scope.liveNatives();
        TrainTask task = task(family, "full", plan);

        TinyTask.run(task);

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        sameAs(task(family, "full", "dp=1"), task);
    }

    /** Packed weights stay whole on every rank, of experts on every rank that has them; all else is spread beside them. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "zero3 dp=2, mixtral, lora",
        "zero2 dp=2, gpt_oss, lora mlp.experts.gate_up_proj mlp.experts.down_proj",
        "zero3 dp=4 ep=2, gpt_oss, lora mlp.experts.gate_up_proj mlp.experts.down_proj",
    })
    void aQuantisedBaseStaysWhole(String plan, String family, String tuner) throws Exception {
        TrainTask alone = quantised(family, tuner, "dp=1");
        TrainTask task = quantised(family, tuner, plan);
        long before = Scope.liveNatives();

        if (!Files.exists(Path.of(alone.output()))) {
            TinyTask.run(alone);
        }
        TinyTask.run(task);

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        sameAs(alone, task);
    }

    private static TrainTask quantised(String family, String tuner, String plan) {
        return TinyTask.at(
                folder.resolve("quantised " + family + " " + plan).toString(),
                TinyTask.quantised(task(family, tuner, plan)));
    }

    /** What the ranks of one plan have kept, those of another take up; of experts in one tensor each has some. */
    @ParameterizedTest(name = "{0} then {1}")
    @CsvSource({"dp=2 ep=2, zero2 dp=2", "zero3 dp=4 ep=2, dp=2 ep=2", "zero1 dp=2, zero2 dp=2 ep=2"})
    void aCheckpointGoesOnUnderAnotherPlan(String first, String second) throws Exception {
        TrainTask before = task("gpt_oss", "full", first);
        TinyTask.run(before, STEPS / 2);
        TrainTask after = TinyTask.at(before.output(), task("gpt_oss", "full", second));

        assertThat(TinyTask.run(after)).isEqualTo(STEPS / 2);

        sameAs(task("gpt_oss", "full", "dp=1"), after);
    }

    @Test
    void aStoppedRunGoesOnExactly() throws Exception {
        TrainTask straight = task("gpt_oss", "full", "zero3 dp=2 ep=2");
        TinyTask.run(straight);
        TrainTask stopped = TinyTask.at(folder.resolve("stopped").toString(), straight);
        TinyTask.run(stopped, 3);
        TinyTask.run(stopped);

        assertThat(TinyTask.weights(Path.of(stopped.output()))).isEqualTo(TinyTask.weights(Path.of(straight.output())));
    }

    private static void sameAs(TrainTask alone, TrainTask task) throws Exception {
        List<JsonNode> one = steps(Path.of(alone.output()));
        List<JsonNode> all = steps(Path.of(task.output()));
        assertThat(one).hasSize(STEPS).hasSameSizeAs(all);
        for (int i = 0; i < STEPS; i++) {
            for (String key : List.of("loss", "grad_norm")) {
                double own = one.get(i).get(key).asDouble();
                assertThat(Math.abs(all.get(i).get(key).asDouble() - own))
                        .as(key + " of step " + (i + 1))
                        .isLessThan(ROUNDING * Math.max(1, own));
            }
        }
        assertThat(TinyTask.largestDifference(Path.of(alone.output()), Path.of(task.output())))
                .isLessThan(ROUNDING);
    }

    private static List<JsonNode> steps(Path output) throws Exception {
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(output.resolve("logging.jsonl"))) {
            JsonNode message = TinyRun.json(line);
            if (message.has("loss")) {
                steps.add(message);
            }
        }
        return steps;
    }

    private static TrainTask task(String family, String tuner, String plan) {
        TrainTask task = tiny.task(family + tuner + " " + plan, "full", all -> {
            all.put("maxSteps", STEPS);
            all.put("adamEpsilon", EPSILON);
            all.put("routerAuxLossCoef", 0.1);
            all.putAll(PlanWords.options(plan));
        });
        return TinyTask.withTuner(TinyTask.withModel(task, MODELS.get(family)), SharedModelTest.tuner(tuner, 0));
    }
}
