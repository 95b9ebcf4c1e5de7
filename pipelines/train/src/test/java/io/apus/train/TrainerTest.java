package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.DecoderModel;
import io.apus.schemas.World;
import io.apus.schemas.data.PackedRow;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of one rank. */
class TrainerTest {
    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @Test
    void learnsAndLeavesAWholeModel() throws IOException {
        List<String> messages = new ArrayList<>();
        TrainTask task = tiny.task("out", "full", options -> {
            options.put("maxSteps", 30);
            options.put("saveStrategy", "steps");
            options.put("saveSteps", 10);
            options.put("saveTotalLimit", 2);
            options.put("reportTo", List.of("tensorboard"));
        });

        TrainResult result = Trainer.run(task, World.alone(), messages::add);

        Path out = folder.resolve("out");
        List<JsonNode> log = log(out);
        assertThat(log.get(0).get("loss").asDouble()).isGreaterThan(4.4);
        assertThat(result.finalLoss()).isLessThan(4);
        assertThat(result.evalLoss()).isLessThan(4);
        assertThat(result.evalTokenAccuracy()).isGreaterThan(0.2);
        assertThat(result.steps()).isEqualTo(30);
        assertThat(result.tokensPerSecond()).isPositive();
        assertThat(result.machineShare()).isPositive();
        assertThat(result.trainedParameters()).isEqualTo(result.parameters());
        assertThat(names(out.resolve("checkpoints"))).containsExactly("step-20", "step-30");
        assertThat(names(out.resolve("model")))
                .containsExactly("config.json", "generation_config.json", "model.safetensors", "tokenizer.json");
        try (DecoderModel trained = DecoderModel.load(out.resolve("model"))) {
            assertThat(trained.parameters()).hasSizeGreaterThan(10);
        }
        assertThat(log.stream().filter(line -> line.has("eval_loss"))).hasSize(3);
        assertThat(log.get(log.size() - 1).get("train_loss").asDouble()).isEqualTo(result.trainLoss());
        assertThat(names(out.resolve("runs"))).hasSize(1);
        assertThat(messages.stream()
                        .map(line -> TinyRun.json(line).get("type").asText())
                        .distinct())
                .containsExactly("started", "step", "log", "evaluation", "checkpoint", "ended");
    }

    @ParameterizedTest
    @CsvSource({"full,96", "lora,96", "adalora,96", "full,99", "lora,99"})
    void interruptedAndResumedEqualsStraightBitForBit(String tuner, int vocabulary) throws IOException {
        Consumer<Map<String, Object>> options = all -> {
            all.put("maxSteps", 14);
            all.put("loggingSteps", 3);
            all.put("saveStrategy", "steps");
            all.put("saveSteps", 4);
        };
        Trainer.run(
                tiny.withVocabulary(tiny.task("straight", tuner, options), vocabulary),
                World.alone(),
                TrainReports.none());
        TrainTask interrupted = tiny.withVocabulary(tiny.task("interrupted", tuner, options), vocabulary);

        assertThatThrownBy(() -> Trainer.run(interrupted, World.alone(), failingAt(11)))
                .hasMessage("pulled the plug");
        TrainResult result = Trainer.run(interrupted, World.alone(), TrainReports.none());

        assertThat(result.resumedFrom()).isEqualTo(8);
        assertThat(TinyTask.weights(folder.resolve("interrupted")))
                .isEqualTo(TinyTask.weights(folder.resolve("straight")));
        assertThat(facts(folder.resolve("interrupted"))).isEqualTo(facts(folder.resolve("straight")));
        assertThat(facts(folder.resolve("interrupted"))).hasSize(6 + 4 + 1);
    }

    @Test
    void aFinishedRunThatIsStartedAgainTrainsNothingAndLeavesTheSame() throws IOException {
        Consumer<Map<String, Object>> options = all -> {
            all.put("maxSteps", 3);
            all.put("saveStrategy", "steps");
        };
        TrainTask task = tiny.task("out", "full", options);
        TrainResult first = Trainer.run(task, World.alone(), TrainReports.none());
        byte[] weights = TinyTask.weights(folder.resolve("out"));

        TrainResult second = Trainer.run(task, World.alone(), TrainReports.none());

        assertThat(second.resumedFrom()).isEqualTo(3);
        assertThat(second.evalLoss()).isEqualTo(first.evalLoss());
        assertThat(second.finalLoss()).isEqualTo(first.finalLoss());
        assertThat(TinyTask.weights(folder.resolve("out"))).isEqualTo(weights);
    }

    @Test
    void recomputingActivationsChangesNoBit() throws IOException {
        Trainer.run(
                tiny.task("kept", "lora", all -> {
                    all.put("maxSteps", 4);
                    all.put("gradientCheckpointing", false);
                }),
                World.alone(),
                TrainReports.none());
        Trainer.run(tiny.task("recomputed", "lora", all -> all.put("maxSteps", 4)), World.alone(), TrainReports.none());

        assertThat(TinyTask.weights(folder.resolve("recomputed"))).isEqualTo(TinyTask.weights(folder.resolve("kept")));
    }

    @Test
    void packedRowsGiveTheLossOfSamplesOneByOne() {
        List<PackedRow> samples = TinyRun.samples(48, 5);
        Path packed = TinyRun.shards(folder.resolve("packed"), "train", TinyRun.packed(samples, 4));
        Path single = TinyRun.shards(folder.resolve("single"), "train", samples);
        List<JsonNode> packedSteps = steps(tiny.task("a", "full", packed, options(4, 2)));
        List<JsonNode> singleSteps = steps(tiny.task("b", "full", single, options(16, 4)));

        assertThat(packedSteps).hasSize(9);
        for (int i = 0; i < packedSteps.size(); i++) {
            assertThat(packedSteps.get(i).get("loss").asDouble())
                    .isCloseTo(singleSteps.get(i).get("loss").asDouble(), within(1e-5));
        }
    }

    private static Consumer<Map<String, Object>> options(int rowsPerStep, int rowsPerPass) {
        return all -> {
            all.put("perDeviceTrainBatchSize", rowsPerPass);
            all.put("gradientAccumulationSteps", rowsPerStep / rowsPerPass);
            all.put("trainDataloaderShuffle", false);
            all.put("numTrainEpochs", 3.0);
        };
    }

    @Test
    void gradientsThatAreNotFiniteAreDroppedAndCounted() throws IOException {
        Path broken = folder.resolve("broken-model");
        TinyTask.copyWithInfiniteNorm(folder.resolve("model"), broken);
        TrainTask task = TinyTask.withModel(tiny.task("out", "lora", all -> all.put("maxSteps", 2)), broken);
        List<JsonNode> steps = new ArrayList<>();

        TrainResult result = Trainer.run(task, World.alone(), line -> TinyRun.addStep(steps, line));

        assertThat(result.skippedSteps()).isEqualTo(2);
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.get("skipped").asBoolean()).isTrue());
    }

    @Test
    void everyTensorIsFreedAtTheEnd() {
        TrainTask task = tiny.task("warm", "lora", all -> all.put("maxSteps", 2));
        Trainer.run(task, World.alone(), TrainReports.none());
        long before = Scope.liveNatives();

        Trainer.run(tiny.task("out", "full", all -> all.put("maxSteps", 3)), World.alone(), TrainReports.none());
        Trainer.run(tiny.task("out2", "lora", all -> all.put("maxSteps", 3)), World.alone(), TrainReports.none());

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    private static TrainReports failingAt(int step) {
        return line -> {
            JsonNode message = TinyRun.json(line);
            if (message.get("type").asText().equals("step")
                    && message.get("step").asInt() == step) {
                throw new IllegalStateException("pulled the plug");
            }
        };
    }

    private static List<JsonNode> steps(TrainTask task) {
        List<JsonNode> steps = new ArrayList<>();
        Trainer.run(task, World.alone(), line -> TinyRun.addStep(steps, line));
        return steps;
    }

    private static List<JsonNode> log(Path out) throws IOException {
        return Files.readAllLines(out.resolve("logging.jsonl")).stream()
                .map(TinyRun::json)
                .toList();
    }

    /** The log without what depends on the clock. */
    private static List<String> facts(Path out) throws IOException {
        return log(out).stream()
                .map(line -> Stream.of(
                                "global_step/max_steps",
                                "epoch",
                                "loss",
                                "grad_norm",
                                "learning_rate",
                                "token_acc",
                                "eval_loss",
                                "eval_token_acc",
                                "train_loss",
                                "num_input_tokens_seen")
                        .map(name -> name + "=" + line.path(name).asText())
                        .toList()
                        .toString())
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
