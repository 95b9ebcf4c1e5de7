package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        "full_shard auto_wrap, full, 2, false",
        "zero3, full, 3, true",
        "zero3, lora, 2, true",
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
    void ranksThatShareTokensMayKeepPartsToo() throws Exception {
        Map<String, Object> shared = Map.of("deepspeed", "zero3", "parallel", Map.of("cp", "2"));
        run("one", 1, "full", 4, null, Map.of("maxSteps", 5));
        run("many", 4, "full", 2, shared, Map.of("maxSteps", 5));
        assertThat(TinyTask.largestDifference(folder.resolve("one"), folder.resolve("many")))
                .isLessThan(ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"zero2, 2, none, 1, adamw_torch", "none, 1, zero3, 2, adamw_torch", "zero3, 2, zero1, 2, adamw_8bit"})
    void aCheckpointOfAnyPlanIsGoneOnFromByAnyOther(String from, int before, String to, int after, String optim)
            throws Exception {
        Map<String, Object> saving = Map.of("maxSteps", 6, "optim", optim, "saveStrategy", "steps", "saveSteps", 3);
        run("whole", 1, "full", 4, null, saving);
        run("first", before, "full", 4 / before, plan(from), saving);
        Map<String, Object> resuming = new HashMap<>(saving);
        String step = folder.resolve("first/checkpoints/step-3").toString();
        resuming.put("checkpoint", Map.of("resumeFromCheckpoint", step, "asyncSave", false));
        List<JsonNode> steps = run("second", after, "full", 4 / after, plan(to), resuming);
        assertThat(steps).hasSize(3);
        assertThat(TinyTask.largestDifference(folder.resolve("whole"), folder.resolve("second")))
                .isLessThan(10 * ROUNDING);
    }

    private static Map<String, Object> plan(String name) {
        if (name.equals("none")) {
            return null;
        }
        return name.startsWith("zero") ? Map.of("deepspeed", name) : Map.of("fsdp", Map.of("fsdp", name));
    }

    @Test
    void aTunerThatLooksAtWholeGradientsIsRefused() {
        assertThatThrownBy(() -> run("out", 1, "adalora", 2, plan("zero1"), Map.of("maxSteps", 20)))
                .hasMessageContaining("zero1 spreads gradients");
    }

    /** The largest difference of losses and trained weights between one rank with everything and ranks with parts. */
    private double difference(String plan, String tuner, int ranks, Map<String, Object> options) throws Exception {
        List<JsonNode> alone = run("one-" + plan, 1, tuner, 2 * ranks, null, options);
        List<JsonNode> shared = run("many-" + plan, ranks, tuner, 2, plan(plan), options);
        assertThat(shared).hasSameSizeAs(alone).isNotEmpty();
        double largest = TinyTask.largestDifference(folder.resolve("one-" + plan), folder.resolve("many-" + plan));
        for (int i = 0; i < alone.size(); i++) {
            double loss = alone.get(i).get("loss").asDouble();
            largest = Math.max(largest, Math.abs(shared.get(i).get("loss").asDouble() - loss));
        }
        return largest;
    }

    private List<JsonNode> run(
            String output,
            int ranks,
            String tuner,
            int accumulated,
            Map<String, Object> sharing,
            Map<String, Object> options)
            throws Exception {
        TrainTask task = tiny.task(output, tuner, all -> {
            all.put("worldSize", ranks);
            all.put("gradientAccumulationSteps", accumulated);
            all.putAll(options);
            if (sharing != null) {
                all.put("sharing", sharing);
            }
        });
        TrainTask undropped = TrainTask.fromJson(task.toJson().replace("\"loraDropout\":0.1", "\"loraDropout\":0.0"));
        List<JsonNode> steps = Collections.synchronizedList(new ArrayList<>());
        ThreadRanks.worlds(ranks, world -> Trainer.run(undropped, world, line -> TinyRun.addStep(steps, line)));
        return steps;
    }
}
