package io.apus.model.tuner.llamapro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaProTest {
    @TempDir
    Path folder;

    @Test
    void copiesFollowEachGroupAndBeginSilent() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(4)) {
            float[] second = values(model, "model.layers.1.mlp.up_proj.weight");
            float[] last = values(model, "model.layers.3.mlp.up_proj.weight");
            tuner(4, 2).attach(model, 1);
            assertThat(model.config().numHiddenLayers()).isEqualTo(8);
            Set<String> learning = model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .map(p -> p.name().replaceFirst("model\\.layers\\.(\\d+)\\..*", "$1"))
                    .collect(Collectors.toSet());
            assertThat(learning).containsExactlyInAnyOrder("2", "3", "6", "7");
            for (int copy : new int[] {1, 2, 3}) {
                assertThat(values(model, "model.layers." + copy + ".mlp.up_proj.weight"))
                        .isEqualTo(second);
            }
            assertThat(values(model, "model.layers.7.mlp.up_proj.weight")).isEqualTo(last);
            assertThat(values(model, "model.layers.6.mlp.down_proj.weight")).containsOnly(0);
            assertThat(values(model, "model.layers.6.self_attn.o_proj.weight")).containsOnly(0);
            assertThat(values(model, "model.layers.5.mlp.down_proj.weight")).isNotEqualTo(new float[24 * 16]);
        }
    }

    @Test
    void theGrownModelIsAModelOfItsOwn() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(
                        TinyModels.config(
                                "Qwen3ForCausalLM",
                                Map.of(
                                        "num_hidden_layers",
                                        2,
                                        "layer_types",
                                        List.of("sliding_attention", "full_attention"),
                                        "sliding_window",
                                        4,
                                        "use_sliding_window",
                                        true)),
                        7)) {
            Tuner tuner = tuner(2, 2);
            tuner.attach(model, 1);
            try (NoGrad guard = Torch.noGrad()) {
                model.parameters().values().stream()
                        .filter(Parameter::trainable)
                        .forEach(p -> p.tensor().add_(Torch.scalar(0.01)));
            }
            tuner.save(model, folder.resolve("adapter"), "base");
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("adapter/adapter_model.safetensors"))) {
                assertThat(file.names())
                        .hasSize(2 * 11)
                        .contains("model.layers.1.self_attn.q_proj.weight", "model.layers.3.input_layernorm.weight");
            }
            tuner.merge(model);
            model.save(folder, 1 << 30);
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(loaded.config().slidingWindow(1)).isEqualTo(4);
                assertThat(loaded.config().slidingWindow(2)).isZero();
                assertThat(logits(loaded)).isEqualTo(logits(model));
            }
        }
    }

    @Test
    void groupsThatDoNotFitAreRefused() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(3)) {
            assertThatThrownBy(() -> tuner(2, 2).attach(model, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("3 layers do not split into 2 equal groups");
        }
    }

    private static Tuner tuner(int blocks, int groups) {
        Map<String, Object> options = Map.of("llamaproNumNewBlocks", blocks, "llamaproNumGroups", groups);
        return Tuners.of(Specs.tuner("llamapro", Map.of("methods", Map.of("block", options))));
    }

    private static DecoderModel model(int layers) {
        return DecoderModel.random(TinyModels.qwen3().with("num_hidden_layers", layers), 7);
    }

    private static float[] values(DecoderModel model, String name) {
        return Torch.toFloats(model.parameters().get(name).tensor());
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(12, 1), 12), null)));
    }
}
