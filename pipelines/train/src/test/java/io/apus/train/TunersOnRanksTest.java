package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.World;
import io.apus.schemas.spec.TunerSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every registered tuner trains the same on one rank and on two. The two are threads of this process, which share nothing but the
 * generator that dropout draws from: so nothing is dropped here.
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
    void oneRankEqualsTwo(String tuner) throws IOException {
        TinyTask tiny = TinyTask.in(folder);
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> two = new ArrayList<>();
        Trainer.run(task(tiny, "one", tuner), World.alone(), line -> TinyRun.addStep(alone, line));
        List<String> endpoints = endpoints();
        TrainTask task = task(tiny, "two", tuner);
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> Trainer.run(task, new World(1, 2, endpoints, 0), TrainReports.none()));
        Trainer.run(task, new World(0, 2, endpoints, 0), line -> TinyRun.addStep(two, line));
        other.join();

        assertThat(alone).hasSize(4).hasSameSizeAs(two);
        for (int i = 0; i < alone.size(); i++) {
            double loss = alone.get(i).get("loss").asDouble();
            assertThat(Math.abs(two.get(i).get("loss").asDouble() - loss)).isLessThan(ROUNDING);
        }
        assertThat(TinyTask.largestDifference(folder.resolve("one"), folder.resolve("two")))
                .isLessThan(ROUNDING);
    }

    private static TrainTask task(TinyTask tiny, String output, String tuner) {
        Map<String, Object> options = new HashMap<>(Map.of("lora", Map.of("loraDropout", 0)));
        options.putAll(FITTING.getOrDefault(tuner, Map.of()));
        options.put("tunerType", tuner.replaceAll(" .*", ""));
        options.put("initWeights", tuner.endsWith("lora-ga") ? "lora-ga" : null);
        TrainTask task = tiny.task(output, "full", all -> all.put("maxSteps", 4));
        return TinyTask.withTuner(task, JSON.convertValue(options, TunerSpec.class));
    }

    private static List<String> endpoints() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return List.of("127.0.0.1:" + free.getLocalPort(), "127.0.0.1:0");
        }
    }
}
