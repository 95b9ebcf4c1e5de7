package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import io.apus.train.local.LocalWorld;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs whose ranks share the model train as one rank does. The ranks are threads of this process, which share the generator that dropout draws
 * from: so nothing is dropped here.
 */
class SharedModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Sums in another order differ in the last bits of numbers up to 1; twenty steps of AdamW make some 1e-6 of that. */
    private static final double ROUNDING = 5e-5;
    /**
     * AdamW divides gradients by their own size. Those that are 0 but for rounding, as of the biases of keys, to which a softmax is blind, would
     * become steps of full length without it.
     */
    private static final double EPSILON = 1e-5;

    private static final int STEPS = 20;
    private static final int FEW_STEPS = 8;

    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource({
        "llama, lora, dp=2 tp=2",
        "llama, full, tp=4",
        "mixtral, full, dp=4 ep=2",
        "mixtral, lora, dp=2 ep=2 tp=2",
        "llama, full, tp=2 cp=2",
        "mixtral, full, cp=2",
        "mixtral, full, pp=2",
        "mixtral, lora, pp=2 tp=2",
    })
    void plansChangeNothing(String family, String tuner, String plan) throws Exception {
        sharingChangesNothing(family, tuner, plan, STEPS);
    }

    /** Families and tuners whose parts are cut in ways of their own. A wrong cut shows in the first step, a wrong gradient in the second. */
    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource({
        "qwen2, full, tp=2",
        "qwen3, full, dp=2 tp=2",
        "gemma2, full, tp=2",
        "phi3, lora, tp=2",
        "falcon_rw, full, tp=2",
        "llama, prefix_tuning, pp=2",
        "deepseek_v3, lora, tp=2",
        "qwen2, dora, tp=2",
        "mixtral, ia3, tp=2",
        "llama, vera, tp=2",
        "llama, embedding, tp=2",
        "llama, prompt_tuning, tp=2",
        "llama, prefix_tuning, tp=4",
        "deepseek_v3, prefix_tuning, tp=2",
        "llama, longlora, tp=4",
        "mixtral, oft, tp=2",
        "deepseek_v2_lite, full, dp=2 ep=2",
        "olmo2, full, tp=4",
        "stablelm_parallel, full, tp=4",
        "falcon_7b, full, tp=2",
        "gpt_oss, full, dp=2 ep=2",
        "dbrx, full, dp=2 ep=2",
        "gpt_oss, full, tp=2",
        "granitemoe, lora, tp=2",
        "dbrx, full, tp=2",
        "gpt_oss, lora mlp.experts.gate_up_proj mlp.experts.down_proj, tp=2",
        "dbrx, lora ffn.experts.mlp.w1 ffn.experts.mlp.w2, tp=2",
    })
    void modulesOfEveryKindAreShared(String family, String tuner, String plan) throws Exception {
        sharingChangesNothing(family, tuner, plan, FEW_STEPS);
    }

    private void sharingChangesNothing(String family, String tuner, String plan, int steps) throws Exception {
        Path model = tiny.model(family);
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();
        Map<String, String> sizes = sizes(plan);
        int ranks = Stream.of("dp", "tp", "pp", "cp")
                .mapToInt(axis -> Integer.parseInt(sizes.getOrDefault(axis, "1")))
                .reduce(1, (a, b) -> a * b);
        long before = Scope.liveNatives();

        TrainResult one = Trainer.run(
                task(model, "one", tuner, Map.of(), 1, steps),
                RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        TrainTask task = task(model, "shared", tuner, sizes, ranks, steps);
        TrainResult other = ThreadRanks.worlds(
                        ranks, world -> Trainer.run(task, RankPlace.of(world, line -> TinyRun.addStep(shared, line))))
                .get(0);

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        assertThat(alone).hasSize(steps);
        requireSame(alone, shared, ROUNDING);
        assertThat(other.evalLoss()).isCloseTo(one.evalLoss(), within(ROUNDING));
        assertThat(other.parameters()).isEqualTo(one.parameters());
        assertThat(other.trainedParameters()).isEqualTo(one.trainedParameters());
    }

    /**
     * Its random layers make gradients of up to 30, and more of every difference than others do: even two replicas, which add up the same numbers
     * in another order, are 6e-5 of the norm apart after twenty steps.
     */
    @Test
    void theHeadsOfADeltaRuleAreShared() throws Exception {
        Path model = tiny.model("qwen3_next");
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();
        TrainTask two = task(model, "shared", "full", Map.of("tp", "2"), 2);

        Trainer.run(
                task(model, "one", "full", Map.of(), 1),
                RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        ThreadRanks.worlds(2, world -> Trainer.run(two, RankPlace.of(world, line -> TinyRun.addStep(shared, line))));

        requireSame(alone.subList(0, 2), shared.subList(0, 2), ROUNDING / 10);
        requireSame(alone, shared, 10 * ROUNDING);
    }

    /** Parts of the quantised matrices, as wide as blocks of 64 need them, are the base that one rank has. */
    @Test
    void ranksShareAQuantisedBase() throws Exception {
        ModelConfig wide = TinyTask.config("llama")
                .with("hidden_size", 128)
                .with("head_dim", 32)
                .with("intermediate_size", 128);
        Path model = tiny.model("wide", wide);
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();
        TrainTask two = TinyTask.quantised(task(model, "shared", "lora", Map.of("tp", "2"), 2));

        Trainer.run(
                TinyTask.quantised(task(model, "one", "lora", Map.of(), 1)),
                RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        ThreadRanks.worlds(2, world -> Trainer.run(two, RankPlace.of(world, line -> TinyRun.addStep(shared, line))));

        requireSame(alone, shared);
    }

    /** Whole experts move: each rank quantises its own, and LoRA beside the tensor of all of them is cut with it; or parts of all of them stay. */
    @ParameterizedTest
    @CsvSource({
        "mixtral, lora, bnb 4, dp=2 ep=2",
        "gpt_oss, lora mlp.experts.gate_up_proj mlp.experts.down_proj, bnb 4, dp=2 ep=2",
        "dbrx, lora ffn.experts.mlp.w1 ffn.experts.mlp.w2, bnb 4, dp=2 ep=2",
        "gpt_oss, lora mlp.experts.gate_up_proj mlp.experts.down_proj, eetq 8, tp=2",
        "granitemoe, lora block_sparse_moe.output_linear.weight, eetq 8, tp=2",
    })
    void ranksShareQuantisedExperts(String family, String tuner, String method, String plan) throws Exception {
        Path model = tiny.model(family);
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();
        long before = Scope.liveNatives();
        TrainTask two = TinyTask.quantised(task(model, "shared", tuner, sizes(plan), 2), method);

        Trainer.run(
                TinyTask.quantised(task(model, "one", tuner, Map.of(), 1), method),
                RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        ThreadRanks.worlds(2, world -> Trainer.run(two, RankPlace.of(world, line -> TinyRun.addStep(shared, line))));

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        requireSame(alone, shared);
    }

    /** Blocks of 64 numbers are of several of the 48 inputs' rows. */
    @Test
    void quantisedExpertsThatCannotBeCutAreRefused() throws Exception {
        Path model = tiny.model("gpt_oss");
        TrainTask two = TinyTask.quantised(task(model, "shared", "lora", Map.of("tp", "2"), 2));

        assertThatThrownBy(() -> ThreadRanks.worlds(2, world -> Trainer.run(two, world, TrainReports.none())))
                .rootCause()
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tp 2: of the quantised experts model.layers.0.mlp.experts.")
                .hasMessageContaining("by 2 ranks are no whole blocks")
                .hasMessageContaining("Use ep for them");
    }

    /** Noise, layers that take turns and a frozen share of the parameters are the same on ranks that share a model. */
    @ParameterizedTest
    @ValueSource(strings = {"tp", "pp"})
    void methodsActAlikeOnSharedModels(String axis) throws Exception {
        Path model = tiny.model("qwen3");
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();

        Trainer.run(
                noisy(task(model, "one", "full", Map.of(), 1)),
                RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        TrainTask two = noisy(task(model, "shared", "full", Map.of(axis, "2"), 2));
        ThreadRanks.worlds(2, world -> Trainer.run(two, RankPlace.of(world, line -> TinyRun.addStep(shared, line))));

        requireSame(alone, shared);
    }

    private static TrainTask noisy(TrainTask task) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(task.toJson());
        ObjectNode train = (ObjectNode) json.get("train");
        train.put("neftuneNoiseAlpha", 5);
        train.putObject("lisa").put("lisaActivatedLayers", 1).put("lisaStepInterval", 2);
        ((ObjectNode) json.get("tuner")).putObject("freeze").put("freezeParametersRatio", 0.1);
        return TrainTask.fromJson(json.toString());
    }

    /** Ranks that are processes have generators of their own, and drop the same. */
    @Test
    void sharedMatricesDropWhatWholeOnesDo() throws Exception {
        Path model = tiny.model("llama");
        List<JsonNode> alone = new ArrayList<>();
        List<JsonNode> shared = new ArrayList<>();
        TunerSpec dropping = tuner("lora", 0.3);
        TrainTask one = TinyTask.withTuner(task(model, "one", "lora", Map.of(), 1), dropping);
        TrainTask two = TinyTask.withTuner(task(model, "shared", "lora", Map.of("tp", "2"), 2), dropping);

        Trainer.run(one, RankPlace.of(World.alone(), line -> TinyRun.addStep(alone, line)));
        new LocalWorld(2, line -> TinyRun.addStep(shared, line)).run(two);

        requireSame(alone, shared);
    }

    private void requireSame(List<JsonNode> alone, List<JsonNode> shared) {
        assertThat(alone).hasSize(STEPS);
        requireSame(alone, shared, ROUNDING);
    }

    private void requireSame(List<JsonNode> alone, List<JsonNode> shared, double rounding) {
        assertThat(alone).isNotEmpty().hasSameSizeAs(shared);
        for (int i = 0; i < alone.size(); i++) {
            for (String key : List.of("loss", "grad_norm")) {
                double one = alone.get(i).get(key).asDouble();
                assertThat(shared.get(i).get(key).asDouble())
                        .as(key + " of step " + (i + 1))
                        .isCloseTo(one, within(rounding * Math.max(1, one)));
            }
        }
        // A run that moved nothing would be the same everywhere.
        assertThat(alone).extracting(step -> step.get("grad_norm").asDouble()).allMatch(norm -> norm > 1e-3);
        assertThat(TinyTask.largestDifference(folder.resolve("one"), folder.resolve("shared")))
                .isLessThan(ROUNDING);
    }

    private static Map<String, String> sizes(String plan) {
        Map<String, String> sizes = new HashMap<>();
        for (String size : List.of(plan.split(" ", -1))) {
            sizes.put(size.substring(0, 2), size.substring(3));
        }
        return sizes;
    }

    private TrainTask task(Path model, String output, String tuner, Map<String, String> sizes, int ranks) {
        return task(model, output, tuner, sizes, ranks, STEPS);
    }

    private TrainTask task(Path model, String output, String tuner, Map<String, String> sizes, int ranks, int steps) {
        TrainTask task = tiny.task(output, "full", all -> {
            all.put("maxSteps", steps);
            all.put("evalStrategy", "steps");
            all.put("evalSteps", steps);
            all.put("gradientAccumulationSteps", 4 / Integer.parseInt(sizes.getOrDefault("dp", "1")));
            all.put("perDeviceTrainBatchSize", 1);
            all.put("adamEpsilon", EPSILON);
            all.put("worldSize", ranks);
            all.put("routerAuxLossCoef", model.toString().matches(".*(mixtral|moe|lite|oss)$") ? 0.1 : 0);
            all.put("sharing", Map.of("parallel", sizes));
        });
        return TinyTask.withTuner(TinyTask.withModel(task, model), tuner(tuner, 0));
    }

    /** {@code dora} is LoRA with lengths of rows apart, {@code embedding} LoRA on tokens too; more words are target_parameters. */
    static TunerSpec tuner(String words, double dropout) {
        List<String> names = List.of(words.split(" ", -1));
        String type = names.get(0);
        boolean dora = type.equals("dora");
        boolean tokens = type.equals("embedding");
        return JSON.convertValue(
                Map.of(
                        "tunerType",
                        dora || tokens ? "lora" : type,
                        "lora",
                        Map.of("loraDropout", dropout, "useDora", dora),
                        "targets",
                        Map.of(
                                "targetModules",
                                tokens ? List.of("all-linear", "all-embedding") : List.of("all-linear"),
                                "targetParameters",
                                names.subList(1, names.size()))),
                TunerSpec.class);
    }
}
