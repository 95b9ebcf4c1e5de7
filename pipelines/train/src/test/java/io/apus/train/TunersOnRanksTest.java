package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.ModelConfig;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.spec.TunerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every registered tuner trains the same on one rank, on two that share the rows, and on two that share every matrix, the experts or the layers. The
 * two are threads of this process, which share nothing but the generator that dropout draws from: so nothing is dropped here.
 */
class TunersOnRanksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Additions in another order differ in the last bits, and AdamW divides small gradients by their own size. */
    private static final double ROUNDING = 1e-4;
    /** Options where a tuner's defaults do not fit the tiny model, by tuner and group. */
    private static final Map<String, Map<String, Object>> FITTING = Map.of(
            "lora from lora-ga", Map.of("initWeights", "lora-ga", "lora", Map.of("loraDropout", 0, "loraRank", 2)),
            "lora on one expert", Map.of("targets", Map.of("targetRegex", ".*(q_proj|experts\\.3\\.up_proj)")),
            "lora on one expert alone", Map.of("targets", Map.of("targetRegex", ".*experts\\.3\\.up_proj")),
            "adalora", Map.of("adalora", Map.of("adaloraTinit", 1)),
            "fourierft", Map.of("methods", Map.of("fourier", Map.of("fourierNFrequency", 100))),
            "llamapro", Map.of("methods", Map.of("block", Map.of("llamaproNumNewBlocks", 1))));

    /**
     * AdamW divides gradients by their own size: those that are 0 but for rounding, as of experts that hardly any token came to, would become steps
     * of full length without it.
     */
    private static final double EPSILON = 1e-5;

    private static final Map<String, String> ALONE = Map.of("dp", "1");
    private static final List<Map<String, String>> PLANS =
            List.of(Map.of("tp", "2"), Map.of("dp", "2", "ep", "2"), Map.of("pp", "2"));

    @TempDir
    private static Path folder;

    private static TinyTask tiny;

    /** One block with a network for all tokens, and one with four experts. */
    @BeforeAll
    static void prepare() throws IOException {
        tiny = TinyTask.in(folder);
        ModelConfig config = ModelConfig.read(folder.resolve("model"))
                .with("moe_intermediate_size", 16)
                .with("num_experts_per_tok", 2)
                .with("num_experts", 4)
                .with("mlp_only_layers", List.of(0))
                .with("architectures", List.of("Qwen3MoeForCausalLM"));
        tiny.model("experts", config);
    }

    static Stream<String> tuners() {
        // longlora is LoRA for Llama alone
        return Stream.concat(
                Tuners.names().stream().filter(name -> !name.equals("longlora")),
                Stream.of("lora from lora-ga", "lora on one expert"));
    }

    @ParameterizedTest
    @MethodSource("tuners")
    void oneRankEqualsTwo(String tuner) throws Exception {
        List<JsonNode> alone = SameRuns.alone(task(tuner, ALONE));
        assertThat(alone).hasSize(4);
        for (Map<String, String> plan : PLANS) {
            SameRuns.require(alone, SameRuns.shared(task(tuner, plan)), ROUNDING, plan.toString());
            assertThat(TinyTask.largestDifference(folder.resolve(tuner + ALONE), folder.resolve(tuner + plan)))
                    .as(plan.toString())
                    .isLessThan(ROUNDING);
        }
    }

    /** The other rank would not go back through the experts, and this one would wait for it. */
    @Test
    void expertsOfOneRankAloneAreRefusedUnderEp() {
        assertThatThrownBy(() -> SameRuns.shared(task("lora on one expert alone", PLANS.get(1))))
                .hasMessageContaining("ep 2: in the first block that learns, only experts of some ranks are trained");
    }

    private static TrainTask task(String tuner, Map<String, String> plan) {
        Map<String, Object> options = new HashMap<>(Map.of("lora", Map.of("loraDropout", 0)));
        options.putAll(FITTING.getOrDefault(tuner, Map.of()));
        options.put("tunerType", tuner.replaceAll(" .*", ""));
        boolean alone = plan.equals(ALONE);
        TrainTask task = tiny.task(tuner + plan, "full", all -> {
            all.put("maxSteps", 4);
            all.put("worldSize", alone ? 1 : 2);
            all.put("gradientAccumulationSteps", 2 / Integer.parseInt(plan.getOrDefault("dp", "1")));
            all.put("adamEpsilon", EPSILON);
            all.put("sharing", Map.of("parallel", plan));
        });
        return TinyTask.withTuner(
                TinyTask.withModel(task, folder.resolve("experts")), JSON.convertValue(options, TunerSpec.class));
    }
}
