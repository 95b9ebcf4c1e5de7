package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.World;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ranks that keep parts of states, gradients and weights train as one rank does that keeps everything. An epoch ends with a step of fewer rows, in
 * which some ranks have no pass, and takes two passes a step otherwise.
 */
class ZeroTest {
    /** Additions in another order differ in the last bits of float32; twenty steps of AdamW let that grow a little. */
    private static final double ROUNDING = 1e-5;
    /** AdamW divides by their own size the small gradients that LoRA begins with, the rounding in them too: a hundredth of a step of 5e-3. */
    private static final double ADAPTER_ROUNDING = 5e-5;

    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "zero1, full, 2, false",
        "zero1, lora, 2, true",
        "zero2, full, 2, true",
        "zero2, lora, 2, false",
        "zero3, full, 2, false",
        "zero3, full, 3, true",
        "zero3, lora, 2, true",
        "zero3, lora, 3, false",
        "zero2_offload, full, 2, true",
        "zero3_offload, full, 2, true"
    })
    void ranksThatKeepPartsEqualOne(String plan, String tuner, int ranks, boolean checkpointed) throws Exception {
        Map<String, Object> options = Map.of("maxSteps", 20, "gradientCheckpointing", checkpointed);
        assertThat(difference(plan, tuner, ranks, options))
                .isLessThan(tuner.equals("lora") ? ADAPTER_ROUNDING : ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "zero1, muon, default",
        "zero3, muon, default",
        "zero2, default, adafactor",
        "zero3, default, adamw_8bit",
        "zero3, default, schedule_free_adamw",
        "zero2, default, lion_32bit"
    })
    void anyOptimiserMovesPartsAsItMovesTheWhole(String plan, String optimizer, String optim) throws Exception {
        Map<String, Object> options = optimizer.equals("muon")
                ? Map.of("maxSteps", 5, "optimizer", "muon")
                : Map.of("maxSteps", 5, "optim", optim, "evalStrategy", "steps", "evalSteps", 2);
        assertThat(difference(plan, "full", 2, options)).isLessThan(10 * ROUNDING);
    }

    @Test
    void aTunerThatLooksAtWholeGradientsIsRefused() {
        assertThatThrownBy(() -> Trainer.run(
                        task("out", "adalora", "zero1", 1, 1, Map.of("maxSteps", 20)),
                        World.alone(),
                        TrainReports.none()))
                .hasMessageContaining("zero1 spreads gradients");
    }

    /** The largest difference of losses and trained weights between one rank with everything and ranks with parts. */
    private double difference(String plan, String tuner, int ranks, Map<String, Object> options) throws Exception {
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = Collections.synchronizedList(new ArrayList<>());
        Trainer.run(
                task("one-" + plan, tuner, null, 1, ranks, options),
                World.alone(),
                line -> TinyRun.addStep(alone, line));
        TrainTask task = task("many-" + plan, tuner, plan, ranks, 1, options);
        ThreadRanks.worlds(ranks, world -> Trainer.run(task, world, line -> TinyRun.addStep(shared, line)));
        assertThat(shared).hasSameSizeAs(alone).isNotEmpty();
        double largest = largestDifference(folder.resolve("one-" + plan), folder.resolve("many-" + plan));
        for (int i = 0; i < alone.size(); i++) {
            double loss = alone.get(i).get("loss").asDouble();
            largest = Math.max(largest, Math.abs(shared.get(i).get("loss").asDouble() - loss));
        }
        return largest;
    }

    private TrainTask task(
            String output, String tuner, String plan, int ranks, int times, Map<String, Object> options) {
        TrainTask task = tiny.task(output, tuner, all -> {
            all.put("worldSize", ranks);
            all.put("gradientAccumulationSteps", 2 * times);
            all.putAll(options);
            if (plan != null) {
                all.put("sharing", Map.of("deepspeed", plan));
            }
        });
        return TrainTask.fromJson(task.toJson().replace("\"loraDropout\":0.1", "\"loraDropout\":0.0"));
    }

    private static double largestDifference(Path a, Path b) {
        double largest = 0;
        try (Scope scope = Scope.open();
                SafeTensorsFile one = SafeTensorsFile.open(weights(a));
                SafeTensorsFile other = SafeTensorsFile.open(weights(b))) {
            assertThat(one.names()).isNotEmpty().isEqualTo(other.names());
            for (String name : one.names()) {
                float[] x = Torch.toFloats(one.tensor(name));
                float[] y = Torch.toFloats(other.tensor(name));
                for (int i = 0; i < x.length; i++) {
                    largest = Math.max(largest, Math.abs(x[i] - y[i]));
                }
            }
        }
        return largest;
    }

    private static Path weights(Path run) {
        return Stream.of("model.safetensors", "adapter_model.safetensors")
                .map(run.resolve("model")::resolve)
                .filter(file -> file.toFile().exists())
                .findFirst()
                .orElseThrow();
    }
}
