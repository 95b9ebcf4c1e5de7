package io.apus.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.WeightBytes;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainPlanTest {
    @TempDir
    Path folder;

    @BeforeEach
    void model() throws Exception {
        TinyRun.config(folder.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--tuner_type full",
                "--tuner_type full --freeze_parameters_ratio 0.5",
                "--tuner_type full --freeze_parameters model.embed model.layers.0 --trainable_parameters_regex norm",
                "--tuner_type full --optim adafactor",
                "--tuner_type full --optim paged_adamw_8bit",
                "--tuner_type full --use_galore true --galore_rank 4",
                "--lora_rank 4",
                "--use_dora true",
                "--lora_rank 3 --target_modules q_proj down_proj",
                "--lora_rank 3 --target_modules all-linear all-embedding",
                "--target_regex .*layers\\.1\\..*_proj",
                "--lora_rank 2 --modules_to_save embed_tokens lm_head",
                "--lora_rank 2 --modules_to_save all-embedding all-norm",
                "--tuner_type adalora"
            })
    void theTrainedParametersAreThoseThatTheTunerTrains(String flags) throws Exception {
        RunSpec spec = TinyRun.spec(folder, flags.split(" "));
        ModelConfig config = ModelConfig.read(folder.resolve("model"));
        try (DecoderModel model = DecoderModel.random(config, 1)) {
            Tuners.of(spec.tuner()).attach(model, 1);
            long trained = model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .mapToLong(Parameter::count)
                    .sum();

            assertThat(Tuners.of(spec.tuner()).trainable(config)).hasValue(trained);
            if (spec.tuner().tunerType().equals("full")) {
                assertThat(new MemoryNeed(
                                        config,
                                        WeightBytes.floats(config),
                                        Tuners.of(spec.tuner()).trainedShapes(config),
                                        Set.of(),
                                        32,
                                        spec.train())
                                .most()
                                .optimiser())
                        .isEqualTo(stateBytes(model, spec));
            }
        }
    }

    /** Bytes that the optimiser of a run really holds after a step. */
    private static long stateBytes(DecoderModel model, RunSpec spec) {
        List<Parameter> trained = model.parameters().values().stream()
                .filter(Parameter::trainable)
                .toList();
        try (Scope scope = Scope.open();
                Optimiser optimiser = Optimisers.of(trained, spec.train())) {
            optimiser.step(1e-3);
            return optimiser.state().values().stream().mapToLong(Torch::bytes).sum();
        }
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingIsLoaded() throws Exception {
        assertThat(planned("--optim", "adafactor").get(1)).endsWith("optimiser adafactor");
        assertThat(planned("--use_galore", "true", "--tuner_type", "full").get(1))
                .endsWith("optimiser adamw_torch with GaLore");
        assertThatThrownBy(() -> planned("--lr_scheduler_kwargs", "num_cycle=2"))
                .hasMessageContaining("knows no num_cycle");
        assertThatThrownBy(() -> planned("--tuner_type", "full", "--freeze_parameters", "model."))
                .hasMessageContaining("leave no parameter to train");
        assertThatThrownBy(() -> planned("--tuner_type", "full", "--use_galore", "true", "--optim", "sgd"))
                .hasMessageContaining("does not go with optim sgd");
    }

    private List<String> planned(String... flags) throws Exception {
        Files.writeString(folder.resolve("data.jsonl"), "x".repeat(40_000));
        return TrainPlan.of(TinyRun.spec(folder, flags), new RunLayout(folder.resolve("out")))
                .lines();
    }

    @Test
    void beforePackTheNumbersAreMarkedAsGuesses() throws Exception {
        Files.writeString(folder.resolve("data.jsonl"), "x".repeat(40_000));
        RunSpec spec = TinyRun.spec(folder, "--world_size", "2", "--num_train_epochs", "2");

        List<String> lines =
                TrainPlan.of(spec, new RunLayout(folder.resolve("out"))).lines();

        assertThat(lines.get(0)).startsWith("model     Qwen3ForCausalLM, 18,624 parameters, weights of ");
        assertThat(lines.get(2)).isEqualTo("data      about 329 rows of at most 32 tokens, 10,000 tokens in all");
        assertThat(lines.get(3))
                .startsWith("steps     about 42 (21 an epoch), 16 rows a step = 1 x 2 replicas x 8 passes");
        assertThat(lines.get(5)).contains("weights", "gradients", "optimiser", "cluster.memory_overhead");
    }

    @Test
    void afterPackTheNumbersAreExact() throws Exception {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        TinyRun.shards(layout, "train", 33);
        Files.writeString(layout.manifest("pack"), "{}");

        List<String> lines =
                TrainPlan.of(TinyRun.spec(folder, "--max_steps", "7"), layout).lines();

        assertThat(lines.get(2)).startsWith("data      33 rows of at most 32 tokens");
        assertThat(lines.get(3)).startsWith("steps     7 (3 an epoch), 16 rows a step = 1 x 1 replicas x 16 passes");
    }

    @Test
    void withoutAnyDataTheStepsAreLeftOpen() {
        RunSpec spec = TinyRun.spec(folder, "--num_train_epochs", "2");

        List<String> lines =
                TrainPlan.of(spec, new RunLayout(folder.resolve("out"))).lines();

        assertThat(lines.get(2)).endsWith("how many is known after pack");
        assertThat(lines.get(3)).startsWith("steps     2.0 epochs");
    }

    @Test
    void checkpointingAndAdaptersNeedLessMemory() {
        ModelConfig config = ModelConfig.read(folder.resolve("model"));

        Map<String, long[]> adapter = Map.of("adapter", new long[] {1000});
        MemoryEstimate plain = need(config, adapter, "--gradient_checkpointing", "false");
        MemoryEstimate checkpointed = need(config, adapter);

        assertThat(checkpointed.activations()).isLessThan(plain.activations());
        assertThat(plain.optimiser()).isEqualTo(8004);
        assertThat(plain.weights()).isEqualTo(4 * config.parameterCount());
    }

    private MemoryEstimate need(ModelConfig config, Map<String, long[]> trained, String... flags) {
        TrainSpec spec = TinyRun.spec(folder, flags).train();
        return new MemoryNeed(config, WeightBytes.floats(config), trained, Set.of(), 2048, spec).most();
    }

    @Test
    void moreRanksThanSlotsAreRefusedBeforeTheDataIsMade() {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        RunSpec four = TinyRun.spec(folder, "--world_size", "4");

        assertThatThrownBy(() -> new TrainStage().check(four, layout))
                .hasMessageContaining("need 4 task slots = world_size 4 x 1 task each")
                .hasMessageContaining("can have 2 slots = 2 executors x 1 core / spark.task.cpus 1")
                .hasMessageContaining("cluster.master=local-cluster[4,1,1024]");
        new TrainStage().check(TinyRun.spec(folder, "--world_size", "2"), layout);
    }

    @Test
    void whatSparkSubmitDoesNotGiveTheRanksIsRefusedBeforeTheDataIsMade() {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        RunSpec four = TinyRun.spec(folder, "--world_size", "4");
        Map<String, String> yarn = Map.of("spark.master", "yarn", "spark.executor.cores", "2");

        submitted(yarn, Map.of(), () -> new TrainStage().check(four, layout));
        assertThatThrownBy(() -> submitted(
                        yarn, Map.of("spark.executor.instances", "3", "spark.task.cpus", "2"), () -> new TrainStage()
                                .check(four, layout)))
                .hasMessageContaining("can have 3 slots = 3 executors x 2 cores / spark.task.cpus 2");
        assertThatThrownBy(
                        () -> submitted(yarn, Map.of("spark.dynamicAllocation.enabled", "true"), () -> new TrainStage()
                                .check(four, layout)))
                .hasMessageContaining("spark.dynamicAllocation.enabled is true");
        assertThatThrownBy(() -> submitted(yarn, Map.of("spark.executor.memoryOverhead", "500m"), () -> new TrainStage()
                        .check(four, layout)))
                .hasMessageContaining("beside the heap of an executor = 2 ranks x ")
                .hasMessageContaining("spark.executor.memoryOverhead is 500 MiB");
        assertThatThrownBy(() -> new TrainStage()
                        .check(TinyRun.spec(folder, "--world_size", "4", "--master", "local[3]"), layout))
                .hasMessageContaining("can have 3 slots = 1 executor x 3 cores / spark.task.cpus 1");
    }

    /** Gradients, activations and the optimiser's states lie on the GPU: no executor needs memory for them. */
    @Test
    void ofARankOnAGpuOnlyWhatLiesInTheHostsMemoryIsAskedFor() {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        TrainPlan onCpu = TrainPlan.of(TinyRun.spec(folder, "--rank_gpus", "0"), layout);
        TrainPlan onGpu =
                TrainPlan.of(TinyRun.spec(folder, "--spark_conf", "spark.executor.resource.gpu.amount=1"), layout);

        assertThat(onCpu.host()).isEqualTo(onCpu.memory());
        assertThat(onGpu.memory()).isEqualTo(onCpu.memory());
        assertThat(onGpu.host().weights()).isEqualTo(onCpu.memory().weights());
        assertThat(onGpu.host().gradients()
                        + onGpu.host().optimiser()
                        + onGpu.host().activations())
                .isZero();
        assertThat(onGpu.lines()).anyMatch(line -> line.startsWith("memory ") && line.contains(" on its GPU; "));
    }

    /** spark-submit leaves its settings in the properties of the driver. */
    private static void submitted(Map<String, String> settings, Map<String, String> more, Runnable work) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        all.forEach(System::setProperty);
        try {
            work.run();
        } finally {
            all.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void aRankNeedsWhatThePlanLeavesToIt() {
        ModelConfig config = ModelConfig.read(folder.resolve("model"));
        Map<String, long[]> all =
                Tuners.of(TinyRun.spec(folder, "--tuner_type", "full").tuner()).trainedShapes(config);
        MemoryEstimate alone = need(config, all);

        for (String plan : List.of("tp=2", "pp=2")) {
            MemoryEstimate half = need(config, all, "--world_size", "2", "--parallel", plan);
            assertThat(half.weights()).isBetween(alone.weights() / 2, alone.weights() * 6 / 10);
            assertThat(half.gradients()).isEqualTo(half.weights());
            assertThat(half.optimiser()).isBetween(alone.optimiser() / 2, alone.optimiser() * 6 / 10);
        }
        MemoryEstimate states = need(config, all, "--world_size", "2", "--deepspeed", "zero1");
        assertThat(states.optimiser()).isEqualTo(alone.optimiser() / 2);
        assertThat(states.weights()).isEqualTo(alone.weights());
        MemoryEstimate parts = need(config, all, "--world_size", "8", "--deepspeed", "zero3");
        assertThat(parts.optimiser()).isEqualTo(alone.optimiser() / 8);
        assertThat(parts.weights()).isGreaterThan(alone.weights() / 8).isLessThan(alone.weights());
        MemoryEstimate stage = need(config, all, "--world_size", "4", "--parallel", "pp=2", "--deepspeed", "zero2");
        assertThat(stage.optimiser()).isBetween(alone.optimiser() / 4, alone.optimiser() * 3 / 10);
        assertThat(stage.gradients()).isBetween(alone.gradients() / 4, alone.gradients());
        assertThat(need(config, all, "--world_size", "2", "--sequence_parallel_size", "2")
                        .activations())
                .isEqualTo(alone.activations() / 2);
        Map<String, long[]> adapter = Map.of("adapter", new long[] {1000});
        assertThat(need(config, adapter, "--world_size", "2", "--parallel", "pp=2")
                        .gradients())
                .isEqualTo(4 * 500);
    }

    /** Half of the experts is a rank's own to begin with, and only another one of four has the same: it keeps half of them, of all else a quarter. */
    @Test
    void partsOfExpertsAreKeptByThoseWhoHaveTheSame() {
        ModelConfig config = ModelConfig.read(folder.resolve("model"))
                .with("moe_intermediate_size", 16)
                .with("num_experts_per_tok", 2)
                .with("num_experts", 4)
                .with("architectures", List.of("Qwen3MoeForCausalLM"));
        Map<String, long[]> all =
                Tuners.of(TinyRun.spec(folder, "--tuner_type", "full").tuner()).trainedShapes(config);
        MemoryEstimate alone = need(config, all);
        for (String stage : List.of("zero1", "zero3")) {
            MemoryEstimate parts = need(config, all, "--world_size", "4", "--parallel", "ep=2", "--deepspeed", stage);
            assertThat(parts.optimiser()).isBetween(alone.optimiser() / 4, alone.optimiser() / 4 + 100);
        }
    }

    @Test
    void aPlanTellsWhoSharesWhatAndWhatStaysWhole() {
        RunSpec spec = TinyRun.spec(folder, "--world_size", "4", "--parallel", "tp=2", "--deepspeed", "zero1");
        RunSpec turned = TinyRun.spec(folder, "--world_size", "2", "--parallel", "tp=2", "--tuner_type", "oft");
        RunLayout layout = new RunLayout(folder.resolve("out"));
        ModelConfig config = ModelConfig.read(folder.resolve("model"));

        assertThat(TrainPlan.of(spec, layout).lines()).contains("ranks     4 = dp 2 x tp 2, spread as zero1");
        TrainPlan whole = TrainPlan.of(turned, layout);
        assertThat(whole.lines().get(5))
                .startsWith("sharing   4 linears such as model.layers.0.self_attn.o_proj stay whole ")
                .endsWith(" parameters in all)");
        long divided = need(config, Map.of(), "--world_size", "2", "--parallel", "tp=2")
                .weights();
        long numbers =
                2L * config.hiddenSize() * (config.intermediateSize() + config.numAttentionHeads() * config.headDim());
        assertThat(whole.memory().weights() - divided).isEqualTo(4 * numbers / 2);
    }

    @Test
    void quantisedWeightsAreCountedAsTheyAreHeld() {
        RunSpec plain = TinyRun.spec(folder, "--tuner_type", "lora");
        RunSpec four = TinyRun.spec(folder, "--tuner_type", "lora", "--quant_method", "bnb", "--quant_bits", "4");
        RunLayout layout = new RunLayout(folder.resolve("out"));

        TrainPlan plan = TrainPlan.of(four, layout);

        assertThat(plan.memory().weights())
                .isLessThan(TrainPlan.of(plain, layout).memory().weights());
        assertThat(plan.memory().dequantised()).isPositive();
        assertThat(plan.lines().get(0)).endsWith(", quantised on loading: bnb nf4, double quantisation");
        assertThat(plan.lines().get(5)).contains(" + dequantised ");
    }

    @Test
    void expertsAreCountedAsTheyAreQuantised() throws Exception {
        Files.writeString(
                folder.resolve("model/config.json"),
                """
                {"architectures": ["GptOssForCausalLM"], "vocab_size": 96, "hidden_size": 64, "intermediate_size": 128,
                 "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
                 "num_local_experts": 8, "num_experts_per_tok": 2, "layer_types": ["sliding_attention", "full_attention"]}
                """);

        RunLayout layout = new RunLayout(folder.resolve("out"));
        long floats = TrainPlan.of(TinyRun.spec(folder), layout).memory().weights();
        long four = TrainPlan.of(TinyRun.spec(folder, "--quant_method", "bnb", "--quant_bits", "4"), layout)
                .memory()
                .weights();
        // 393,216 numbers of experts and 24,576 of attention: of 4 bytes each about 0.52 are left.
        assertThat(floats - four).isBetween(417_792L * 34 / 10, 417_792L * 35 / 10);
        assertThat(planned("--lora_rank", "2", "--lora_dropout", "0", "--target_parameters", "mlp.experts.down_proj")
                        .get(1))
                .contains("parameters trained");
        assertThatThrownBy(() -> planned("--lora_dropout", "0", "--target_parameters", "mlp.experts.up_proj"))
                .hasMessageContaining("Known: mlp.experts.down_proj, mlp.experts.gate_up_proj.");
    }
}
