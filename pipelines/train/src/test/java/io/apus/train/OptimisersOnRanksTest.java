package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.ModelConfig;
import io.apus.schemas.World;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimisers that look at matrices or blocks as a whole move them as one rank does where ranks have parts of them. */
class OptimisersOnRanksTest {
    private static final int STEPS = 4;
    /** As of the tuners; GaLore's subspace and Muon's iterations hardly stretch what the last bits of gradients differ in. */
    private static final double ROUNDING = 1e-4;
    /** A number between two 8-bit codes may become either, up to a 64th of it: a step's length times that. */
    private static final double CODES = 1e-3;

    /** What one rank does, by optimiser and model. */
    private static final Map<String, List<JsonNode>> ALONE = new HashMap<>();

    @TempDir
    private static Path folder;

    private static TinyTask tiny;

    /** Matrices of 4,608 numbers, of which 8-bit states are kept, and experts in one tensor. */
    @BeforeAll
    static void prepare() throws IOException {
        tiny = TinyTask.in(folder);
        tiny.model("wide", ModelConfig.read(folder.resolve("model")).with("intermediate_size", 96));
        tiny.model(
                "gpt_oss",
                ModelConfig.read(Path.of("../model/src/test/resources/golden/gpt_oss"))
                        .with("vocab_size", TinyRun.VOCABULARY));
    }

    @ParameterizedTest
    @CsvSource({
        "adafactor, wide, tp=2",
        "muon, wide, tp=2",
        "galore, wide, tp=2",
        "adamw_8bit, wide, tp=2",
        "adafactor, wide, tp=2 pp=2",
        "muon, gpt_oss, dp=2 ep=2",
        "galore below, wide, zero1 dp=2 pp=2",
    })
    void wholeMatricesMoveAsOnOneRank(String optimiser, String model, String plan) throws Exception {
        List<JsonNode> alone = alone(optimiser, model);
        List<JsonNode> shared = SameRuns.shared(task(optimiser, model, plan));

        double rounding = optimiser.endsWith("8bit") ? CODES : ROUNDING;
        SameRuns.require(alone, shared, rounding, plan);
        assertThat(difference(optimiser + model, plan)).isLessThan(rounding);
    }

    /** Each of two ranks keeps the states of the matrices that it moves, and one rank takes all of them up. */
    @ParameterizedTest
    @CsvSource({"adafactor", "adamw_8bit", "schedule_free_adamw"})
    void aCheckpointGoesOnAtOneRank(String optimiser) throws Exception {
        alone(optimiser, "wide");
        TrainTask first = task(optimiser, "wide", "tp=2 ");
        ThreadRanks.worlds(2, world -> {
            int[] steps = {0};
            return Trainer.run(first, new RankPlace(world, TrainReports.none(), () -> ++steps[0] == STEPS / 2));
        });
        TrainTask rest = task(optimiser, "wide", "tp=2 ", "dp=1");

        assertThat(Trainer.run(rest, World.alone(), TrainReports.none()).resumedFrom())
                .isEqualTo(STEPS / 2);
        assertThat(difference(optimiser + "wide", "tp=2 ")).isLessThan(CODES);
    }

    private static List<JsonNode> alone(String optimiser, String model) {
        return ALONE.computeIfAbsent(optimiser + model, unused -> SameRuns.alone(task(optimiser, model, "dp=1")));
    }

    private static double difference(String run, String plan) {
        return TinyTask.largestDifference(folder.resolve(run + "dp=1"), folder.resolve(run + plan));
    }

    private static TrainTask task(String optimiser, String model, String plan) {
        return task(optimiser, model, plan, plan);
    }

    private static TrainTask task(String optimiser, String model, String output, String plan) {
        TrainTask task = tiny.task(optimiser + model + output, "full", all -> {
            all.put("maxSteps", STEPS);
            all.putAll(PlanWords.options(plan));
            all.put("weightDecay", 0.1);
            all.put("adamEpsilon", 1e-5);
            switch (optimiser) {
                case "muon" -> all.put("optimizer", "muon");
                case "galore" -> all.put("galore", Map.of("useGalore", true, "galoreRank", 8));
                case "galore below" ->
                    all.put(
                            "galore",
                            Map.of("useGalore", true, "galoreRank", 8, "galoreTargetModules", List.of("layers.0.")));
                default -> all.put("optim", optimiser);
            }
        });
        return TinyTask.withModel(task, folder.resolve(model));
    }
}
