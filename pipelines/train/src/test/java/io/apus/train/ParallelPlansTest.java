package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Torch;
import io.apus.train.parallel.Sharing;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "dp=2 cp=2, lora, true",
    })
    void trainsAsOneRankDoes(String plan, String tuner, boolean checkpointed) throws Exception {
        Map<String, String> sizes = Stream.of(plan.split(" "))
                .map(size -> size.split("="))
                .collect(Collectors.toMap(size -> size[0], size -> size[1]));
        int ranks = sizes.values().stream().mapToInt(Integer::parseInt).reduce(1, (a, b) -> a * b);
        int replicas = Integer.parseInt(sizes.getOrDefault("dp", "1"));
        Map<String, Object> options = Map.of(
                "sharing",
                Map.of("parallel", sizes),
                "worldSize",
                ranks,
                "gradientAccumulationSteps",
                4 / replicas,
                "gradientCheckpointing",
                checkpointed);
        String output = plan + tuner + checkpointed;

        List<Double> losses = train(ranks, task(output, tuner, options));

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

    @Test
    void headsThatDoNotDivideAreRefusedWithTheArithmetic() {
        TrainTask task = task("odd", "full", Map.of("worldSize", 3, "sharing", Map.of("sequenceParallelSize", 3)));

        assertThatThrownBy(() -> new Sharing(task.train().parallelPlan(), task.train(), task.tuner(), task.quantise())
                        .check(ModelConfig.read(folder.resolve("model"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("4 heads with 2 key-value heads");
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

    private static List<Double> losses(String output) throws Exception {
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
