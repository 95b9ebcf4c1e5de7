package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.local.LocalWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mixtures of experts in whole runs, with the loss that balances their load. */
class ExpertsTest {
    private static final double ROUNDING = 5e-6;

    @TempDir
    private Path folder;

    private TinyTask tiny;
    private Path experts;

    @BeforeEach
    void prepare() throws IOException {
        tiny = TinyTask.in(folder);
        experts = folder.resolve("experts");
        ModelConfig config = ModelConfig.read(folder.resolve("model"))
                .with("moe_intermediate_size", 16)
                .with("num_experts_per_tok", 2)
                .with("num_experts", 4)
                .with("architectures", List.of("Qwen3MoeForCausalLM"));
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = DecoderModel.random(config, 3)) {
            // Routers that prefer some experts.
            model.parameters().forEach((name, parameter) -> {
                if (name.endsWith("mlp.gate.weight")) {
                    parameter.tensor().mul_(Torch.scalar(10));
                }
            });
            model.save(experts, 1 << 30);
        }
        Files.copy(folder.resolve("model/tokenizer.json"), experts.resolve("tokenizer.json"));
    }

    private TrainTask task(String output, double coefficient) {
        Consumer<Map<String, Object>> options = all -> {
            all.put("maxSteps", 12);
            all.put("loggingSteps", 1);
            all.put("learningRate", 2e-2);
            all.put("routerAuxLossCoef", coefficient);
        };
        return TinyTask.withModel(tiny.task(output, "full", options), experts);
    }

    @Test
    void balancingKeepsTheLoadMoreEven() throws IOException {
        double balanced = run(task("balanced", 1)).get(11).get("aux_loss").asDouble();
        double watched = run(task("watched", 1e-9)).get(11).get("aux_loss").asDouble();

        // Two experts a token: 2 where the load is even.
        assertThat(balanced - 2).isLessThan(0.8 * (watched - 2));
        assertThat(run(task("free", 0)).get(0).has("aux_loss")).isFalse();
    }

    @Test
    void whatIsMinimisedIsLogged() throws IOException {
        JsonNode balanced = run(task("balanced", 0.25)).get(0);
        JsonNode free = run(task("free", 0)).get(0);
        double wanted =
                free.get("loss").asDouble() + 0.25 * balanced.get("aux_loss").asDouble();
        assertThat(balanced.get("loss").asDouble()).isCloseTo(wanted, within(1e-5));
    }

    @Test
    void twoRanksDoAsOne() {
        List<JsonNode> alone = new ArrayList<>();
        Trainer.run(task("alone", 0.5), World.alone(), line -> TinyRun.addStep(alone, line));
        List<JsonNode> two = new ArrayList<>();
        new LocalWorld(2, line -> TinyRun.addStep(two, line)).run(task("two", 0.5));

        assertThat(two).hasSameSizeAs(alone).hasSize(12);
        for (int i = 0; i < two.size(); i++) {
            assertThat(two.get(i).get("loss").asDouble())
                    .isCloseTo(alone.get(i).get("loss").asDouble(), within(ROUNDING));
        }
    }

    @Test
    void aDenseModelHasNothingToBalance() {
        TrainTask dense = tiny.task("out", "full", all -> all.put("routerAuxLossCoef", 0.1));
        assertThatThrownBy(() -> Trainer.run(dense, World.alone(), line -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("router_aux_loss_coef is 0.1, and the model has no experts to balance");
    }

    private static List<JsonNode> run(TrainTask task) throws IOException {
        Trainer.run(task, World.alone(), line -> {});
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(task.output()).resolve("logging.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
