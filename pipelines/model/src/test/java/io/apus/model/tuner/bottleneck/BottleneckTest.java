package io.apus.model.tuner.bottleneck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Activation;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BottleneckTest {
    @TempDir
    Path folder;

    /** Twice its input. */
    private record Doubling() implements FeedForward {
        @Override
        public Tensor forward(Tensor states, PassContext pass) {
            return states.mul(Torch.scalar(2));
        }

        @Override
        public List<ProjectionSlot> slots() {
            return List.of();
        }
    }

    @Test
    void theNarrowNetworkSeesTheResultAndIsAddedToIt() {
        try (Scope scope = Scope.open()) {
            List<Parameter> added = List.of(
                    new Parameter("a", Torch.floats(1, -1).view(1, 2)),
                    new Parameter("b", Torch.floats(0.5f)),
                    new Parameter("c", Torch.floats(10, 100).view(2, 1)),
                    new Parameter("d", Torch.floats(1, 2)));
            Bottleneck bottleneck = new Bottleneck(new Doubling(), Activation.named("relu"), added);
            // 2 x = (6, 4) and (2, 4); relu(6 - 4 + 0.5) = 2.5 and relu(2 - 4 + 0.5) = 0
            Tensor states = Torch.floats(3, 2, 1, 2).view(2, 2);
            assertThat(Torch.toFloats(bottleneck.forward(states, null))).containsExactly(32, 256, 3, 6);
            added.forEach(Parameter::close);
        }
    }

    @Test
    void filesAreThoseOfMsSwift() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            Tuner tuner = Tuners.of(Specs.tuner(
                    "adapter", Map.of("methods", Map.of("block", Map.of("adapterAct", "silu", "adapterLength", 5)))));
            tuner.attach(model, 1);
            tuner.save(model, folder, "org/base");
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                assertThat(file.names()).hasSize(3 * 4);
                assertThat(file.info("model.layers.2.mlp.adapter_default.linear1.weight")
                                .shape())
                        .containsExactly(5L, 16L);
            }
            JsonNode config = new ObjectMapper()
                    .readTree(folder.resolve("adapter_config.json").toFile());
            assertThat(config.get("swift_type").asText()).isEqualTo("ADAPTER");
            assertThat(config.get("target_modules").asText()).isEqualTo("model\\.layers\\.\\d+\\.mlp");
            assertThat(config.get("act_layer").asText()).isEqualTo("silu");
        }
    }

    @Test
    void targetsHaveNoMeaningHere() {
        TunerSpec spec = Specs.tuner("adapter", Map.of("targets", Map.of("targetModules", List.of("q_proj"))));
        assertThatThrownBy(() -> Tuners.of(spec))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no use for target_modules");
    }
}
