package io.apus.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                "--lora_rank 4",
                "--use_dora true",
                "--lora_rank 3 --target_modules q_proj down_proj",
                "--target_regex .*layers\\.1\\..*_proj",
                "--lora_rank 2 --modules_to_save embed_tokens lm_head"
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
        }
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
                .startsWith("steps     about 42 (21 an epoch), 16 rows a step = 1 x 2 ranks x 8 passes");
        assertThat(lines.get(4)).contains("weights", "gradients", "AdamW", "cluster.memory_overhead");
    }

    @Test
    void afterPackTheNumbersAreExact() throws Exception {
        RunLayout layout = new RunLayout(folder.resolve("out"));
        TinyRun.shards(layout, "train", 33);
        Files.writeString(layout.manifest("pack"), "{}");

        List<String> lines =
                TrainPlan.of(TinyRun.spec(folder, "--max_steps", "7"), layout).lines();

        assertThat(lines.get(2)).startsWith("data      33 rows of at most 32 tokens");
        assertThat(lines.get(3)).startsWith("steps     7 (3 an epoch), 16 rows a step = 1 x 1 ranks x 16 passes");
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

        MemoryEstimate plain = MemoryEstimate.of(config, 1000, 2048, false);
        MemoryEstimate checkpointed = MemoryEstimate.of(config, 1000, 2048, true);

        assertThat(checkpointed.activations()).isLessThan(plain.activations());
        assertThat(plain.optimiser()).isEqualTo(8000);
        assertThat(plain.weights()).isEqualTo(4 * config.parameterCount());
    }
}
