package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.schemas.data.PackedRow;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Optimisers, schedules and methods in whole runs. */
class MethodsTest {
    /** Additions in another order differ in the last bits of float32. */
    private static final double ROUNDING = 5e-6;

    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    private static Consumer<Map<String, Object>> method(String name) {
        return all -> {
            all.put("maxSteps", 10);
            all.put("saveStrategy", "steps");
            all.put("saveSteps", 3);
            switch (name) {
                case "lisa" -> {
                    all.put("lisa", Map.of("lisaActivatedLayers", 1, "lisaStepInterval", 2));
                    all.put("adamBeta2", 0.99);
                }
                case "plateau" -> {
                    all.put("lrSchedulerType", "reduce_lr_on_plateau");
                    all.put("lrSchedulerKwargs", Map.of("patience", "0", "threshold", "0.5", "factor", "0.3"));
                    all.put("evalSteps", 2);
                }
                case "neftune" -> all.put("neftuneNoiseAlpha", 5);
                case "muon" -> all.put("optimizer", "muon");
                case "q-galore" ->
                    all.put(
                            "galore",
                            Map.of(
                                    "useGalore",
                                    true,
                                    "galoreRank",
                                    8,
                                    "galoreUpdateProjGap",
                                    2,
                                    "galoreQuantization",
                                    true,
                                    "galoreProjQuant",
                                    true));
                default -> all.put("optim", name);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lisa",
                "plateau",
                "neftune",
                "muon",
                "q-galore",
                "adafactor",
                "paged_adamw_8bit",
                "lion_8bit",
                "schedule_free_adamw"
            })
    void interruptedAndResumedEqualsStraightBitForBit(String name) throws IOException {
        Trainer.run(tiny.task("straight", "full", method(name)), World.alone(), TrainReports.none());
        TrainTask interrupted = tiny.task("interrupted", "full", method(name));
        assertThatThrownBy(() -> Trainer.run(interrupted, World.alone(), line -> {
                    if (TinyRun.json(line).path("step").asInt() == 8) {
                        throw new IllegalStateException("pulled the plug");
                    }
                }))
                .hasMessage("pulled the plug");

        TrainResult result = Trainer.run(interrupted, World.alone(), TrainReports.none());

        assertThat(result.resumedFrom()).isEqualTo(6);
        assertThat(TinyTask.weights(folder.resolve("interrupted")))
                .isEqualTo(TinyTask.weights(folder.resolve("straight")));
    }

    @Test
    void anAdapterIsTrainedByAnyOptimiserAndLosesItsLoss() {
        for (String name : List.of("adafactor", "muon", "lion_32bit", "schedule_free_sgd", "q-galore")) {
            Consumer<Map<String, Object>> options = all -> {
                method(name).accept(all);
                all.put("saveStrategy", "no");
                all.put("maxSteps", 6);
                all.put("warmupSteps", 0);
                all.put("learningRate", name.contains("sgd") ? 1.0 : 5e-3);
            };
            List<JsonNode> steps = steps(tiny.task(name, "lora", options));

            assertThat(steps.get(5).get("loss").asDouble())
                    .as(name)
                    .isLessThan(steps.get(0).get("loss").asDouble());
        }
    }

    @Test
    void lisaMovesOnlyTheLayersWhoseTurnItIs() throws IOException {
        Consumer<Map<String, Object>> oneStep = all -> {
            method("lisa").accept(all);
            all.put("maxSteps", 2);
            all.put("warmupSteps", 0);
        };
        Trainer.run(tiny.task("out", "full", oneStep), World.alone(), TrainReports.none());

        Set<String> moved = moved(folder.resolve("model"), folder.resolve("out/model"));
        assertThat(moved).contains("model.embed_tokens.weight", "model.norm.weight");
        assertThat(moved.stream().filter(name -> name.contains(".layers.0.")))
                .satisfiesAnyOf(layer -> assertThat(layer).isEmpty(), layer -> assertThat(layer)
                        .hasSize(11));
        assertThat(moved).hasSize(2 + 11);
        assertThatThrownBy(() -> Trainer.run(
                        tiny.task("many", "full", all -> all.put("lisa", Map.of("lisaActivatedLayers", 3))),
                        World.alone(),
                        TrainReports.none()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("lisa_activated_layers is 3, the model has 2 layers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lisa", "neftune", "adafactor"})
    void twoRanksTrainAsOne(String name) throws Exception {
        List<JsonNode> two = new ArrayList<>();
        List<JsonNode> alone = steps(tiny.task("one", "full", method(name)));
        TrainTask task = tiny.task("two", "full", method(name));
        ThreadRanks.worlds(2, world -> Trainer.run(task, world, line -> TinyRun.addStep(two, line)));

        assertThat(two).hasSameSizeAs(alone);
        for (int i = 0; i < two.size(); i++) {
            assertThat(two.get(i).get("loss").asDouble())
                    .isCloseTo(alone.get(i).get("loss").asDouble(), within(ROUNDING));
        }
    }

    @Test
    void noiseIsThatOfTheSampleWhetherPackedOrNot() {
        List<PackedRow> samples = TinyRun.samples(48, 5);
        Path packed = TinyRun.shards(folder.resolve("packed"), "train", TinyRun.packed(samples, 4));
        Path single = TinyRun.shards(folder.resolve("single"), "train", samples);
        List<JsonNode> together = steps(tiny.task("a", "full", packed, noisy(4, 2)));
        List<JsonNode> apart = steps(tiny.task("b", "full", single, noisy(16, 4)));
        List<JsonNode> silent = steps(tiny.task("c", "full", packed, all -> {
            noisy(4, 2).accept(all);
            all.remove("neftuneNoiseAlpha");
        }));

        assertThat(together).hasSize(6);
        for (int i = 0; i < together.size(); i++) {
            double loss = together.get(i).get("loss").asDouble();
            assertThat(loss).isCloseTo(apart.get(i).get("loss").asDouble(), within(1e-5));
            assertThat(loss).isNotCloseTo(silent.get(i).get("loss").asDouble(), within(1e-4));
        }
    }

    private static Consumer<Map<String, Object>> noisy(int rowsPerStep, int rowsPerPass) {
        return all -> {
            all.put("perDeviceTrainBatchSize", rowsPerPass);
            all.put("gradientAccumulationSteps", rowsPerStep / rowsPerPass);
            all.put("trainDataloaderShuffle", false);
            all.put("numTrainEpochs", 2.0);
            all.put("neftuneNoiseAlpha", 15);
        };
    }

    @Test
    void aPlateauNeedsEvaluationsAndFollowsThem() {
        List<JsonNode> steps = steps(tiny.task("out", "full", method("plateau")));
        List<Double> rates =
                steps.stream().map(step -> step.get("learning_rate").asDouble()).toList();

        // The first evaluation counts as an improvement, no later one is half as large.
        assertThat(rates.subList(0, 4)).containsOnly(5e-3);
        assertThat(rates.get(4)).isCloseTo(1.5e-3, within(1e-12));
        assertThat(rates.get(6)).isCloseTo(4.5e-4, within(1e-12));
        assertThatThrownBy(() -> steps(tiny.task("none", "full", all -> {
                    method("plateau").accept(all);
                    all.put("evalStrategy", "no");
                })))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("reduce_lr_on_plateau follows the evaluation loss, and eval_strategy is no");
    }

    private static List<JsonNode> steps(TrainTask task) {
        List<JsonNode> steps = new ArrayList<>();
        Trainer.run(task, World.alone(), line -> TinyRun.addStep(steps, line));
        return steps;
    }

    private static Set<String> moved(Path before, Path after) {
        Set<String> moved = new TreeSet<>();
        try (Scope scope = Scope.open();
                SafeTensorsFile one = SafeTensorsFile.open(before.resolve("model.safetensors"));
                SafeTensorsFile other = SafeTensorsFile.open(after.resolve("model.safetensors"))) {
            for (String name : one.names()) {
                if (!java.util.Arrays.equals(Torch.toFloats(one.tensor(name)), Torch.toFloats(other.tensor(name)))) {
                    moved.add(name);
                }
            }
        }
        return moved;
    }
}
