package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.World;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every registered tuner trains the same on one rank, on two that share the rows, and on two that share every matrix. The two are threads of this
 * process, which share nothing but the generator that dropout draws from: so nothing is dropped here.
 */
class TunersOnRanksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Additions in another order differ in the last bits, and AdamW divides small gradients by their own size. */
    private static final double ROUNDING = 1e-4;
    /** Options where a tuner's defaults do not fit the tiny model, by tuner and group. */
    private static final Map<String, Map<String, Object>> FITTING = Map.of(
            "adalora", Map.of("adalora", Map.of("adaloraTinit", 1)),
            "fourierft", Map.of("methods", Map.of("fourier", Map.of("fourierNFrequency", 100))),
            "llamapro", Map.of("methods", Map.of("block", Map.of("llamaproNumNewBlocks", 1))));

    @TempDir
    private Path folder;

    static Stream<String> tuners() {
        // longlora is LoRA for Llama alone
        return Stream.concat(
                Tuners.names().stream().filter(name -> !name.equals("longlora")), Stream.of("lora from lora-ga"));
    }

    @ParameterizedTest
    @MethodSource("tuners")
    void oneRankEqualsTwo(String tuner) throws Exception {
        TinyTask tiny = TinyTask.in(folder);
        List<JsonNode> alone = new ArrayList<>();
        Trainer.run(task(tiny, "one", tuner, "dp", 1), World.alone(), line -> TinyRun.addStep(alone, line));
        assertThat(alone).hasSize(4);
        for (String axis : List.of("dp", "tp")) {
            List<JsonNode> two = new ArrayList<>();
            TrainTask task = task(tiny, axis, tuner, axis, 2);
            ThreadRanks.worlds(2, world -> Trainer.run(task, world, line -> TinyRun.addStep(two, line)));
            requireSame(alone, two, axis);
        }
    }

    private void requireSame(List<JsonNode> alone, List<JsonNode> two, String axis) {
        assertThat(two).hasSameSizeAs(alone);
        for (int i = 0; i < alone.size(); i++) {
            for (String key : List.of("loss", "grad_norm")) {
                double one = alone.get(i).get(key).asDouble();
                assertThat(two.get(i).get(key).asDouble())
                        .as(axis + ", " + key + " of step " + (i + 1))
                        .isCloseTo(one, within(ROUNDING * Math.max(1, one)));
            }
        }
        assertThat(TinyTask.largestDifference(folder.resolve("one"), folder.resolve(axis)))
                .as(axis)
                .isLessThan(ROUNDING);
    }

    private static TrainTask task(TinyTask tiny, String output, String tuner, String axis, int ranks) {
        Map<String, Object> options = new HashMap<>(Map.of("lora", Map.of("loraDropout", 0)));
        options.putAll(FITTING.getOrDefault(tuner, Map.of()));
        options.put("tunerType", tuner.replaceAll(" .*", ""));
        options.put("initWeights", tuner.endsWith("lora-ga") ? "lora-ga" : null);
        TrainTask task = tiny.task(output, "full", all -> {
            all.put("maxSteps", 4);
            all.put("worldSize", ranks);
            all.put("gradientAccumulationSteps", axis.equals("dp") ? 4 / ranks : 4);
            all.put("sharing", Map.of("parallel", Map.of(axis, String.valueOf(ranks))));
        });
        return TinyTask.withTuner(task, JSON.convertValue(options, TunerSpec.class));
    }
}
