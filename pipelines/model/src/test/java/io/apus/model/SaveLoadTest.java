package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaveLoadTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"true, 1000000000", "false, 1000000000", "true, 2000", "false, 2000"})
    void whatIsSavedLoadsTheSame(boolean tied, long shardBytes) {
        try (Scope scope = Scope.open();
                DecoderModel model = random(tied, 1)) {
            model.save(folder, shardBytes);
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(loaded.parameters().keySet())
                        .isEqualTo(model.parameters().keySet());
                assertThat(loaded.head().tied()).isEqualTo(tied);
                assertThat(hidden(loaded)).isEqualTo(hidden(model));
            }
        }
    }

    @Test
    void shardsKeepToTheirBoundAndTheIndexListsThem() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = random(false, 1)) {
            model.save(folder, 4000);
            JsonNode index = new ObjectMapper()
                    .readTree(folder.resolve("model.safetensors.index.json").toFile());
            assertThat(index.at("/metadata/total_size").asLong())
                    .isEqualTo(4 * model.config().parameterCount());
            assertThat(index.get("weight_map").size())
                    .isEqualTo(model.parameters().size());
            String file = index.at("/weight_map/lm_head.weight").asText();
            assertThat(file).matches("model-0000\\d-of-000\\d\\d\\.safetensors");
            try (SafeTensorsFile shard = SafeTensorsFile.open(folder.resolve(file))) {
                assertThat(shard.names()).contains("lm_head.weight");
                assertThat(shard.metadata()).containsEntry("format", "pt");
            }
            assertThat(folder.resolve("model.safetensors")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"BF16, 0.01, bfloat16", "F16, 0.001, float16"})
    void halfPrecisionIsWidenedOnLoading(DType stored, float tolerance, String name) {
        try (Scope scope = Scope.open();
                DecoderModel model = random(true, 1)) {
            model.save(folder, 1 << 30, stored);
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                String key = "model.layers.1.mlp.up_proj.weight";
                assertThat(DType.of(loaded.parameters().get(key).tensor())).isEqualTo(DType.F32);
                float[] wanted = Torch.toFloats(model.parameters().get(key).tensor());
                assertThat(Torch.toFloats(loaded.parameters().get(key).tensor()))
                        .containsExactly(wanted, Offset.offset(tolerance));
                assertThat(loaded.config().json().get("torch_dtype").asText()).isEqualTo(name);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        for (int run = 0; run < 3; run++) {
            try (Scope scope = Scope.open();
                    DecoderModel model = random(true, run == 2 ? 9 : 4)) {
                model.save(folder.resolve("run" + run), 1 << 30);
            }
        }
        Path first = folder.resolve("run0/model.safetensors");
        assertThat(Files.mismatch(first, folder.resolve("run1/model.safetensors")))
                .isEqualTo(-1);
        assertThat(Files.mismatch(first, folder.resolve("run2/model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void initialWeightsFollowTheConfig() {
        try (Scope scope = Scope.open();
                DecoderModel model = random(true, 4)) {
            float[] weights = Torch.toFloats(
                    model.parameters().get("model.embed_tokens.weight").tensor());
            double square = 0;
            for (float weight : weights) {
                square += weight * weight;
            }
            assertThat(Math.sqrt(square / weights.length)).isCloseTo(0.3, Offset.offset(0.03));
            assertThat(Torch.toFloats(
                            model.parameters().get("model.norm.weight").tensor()))
                    .containsOnly(1);
        }
    }

    @Test
    void namesWithoutTheirFirstPartAreFound() {
        try (Scope scope = Scope.open();
                DecoderModel model = random(true, 1)) {
            save(model, name -> name.substring("model.".length()));
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(hidden(loaded)).isEqualTo(hidden(model));
            }
        }
    }

    @Test
    void weightsThatFilesHoldTransposedAreTurnedBothWays() {
        ModelConfig config = ModelConfig.read(FamilyGolden.FOLDER.resolve("gpt2"));
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config, 1)) {
            model.save(folder, 1 << 30);
            String wide = "transformer.h.1.attn.c_attn.weight";
            assertThat(model.parameters().get(wide).shape()).containsExactly(96, 32);
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("model.safetensors"));
                    DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(file.info(wide).shape()).containsExactly(32L, 96L);
                assertThat(hidden(loaded)).isEqualTo(hidden(model));
            }
        }
    }

    @Test
    void whatTheFamilyIgnoresMayBeInTheFile() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("MiMoForCausalLM", Map.of()), 1)) {
            save(model, UnaryOperator.identity(), "model.mtp_layers.0.mlp.up_proj.weight");
            DecoderModel.load(folder).close();
            save(model, UnaryOperator.identity(), "model.layers.0.self_attn.rotary_emb.inv_freq");
            DecoderModel.load(folder).close();
            save(model, UnaryOperator.identity(), "model.more.weight");
            assertThatThrownBy(() -> DecoderModel.load(folder))
                    .hasMessageContaining("model.more.weight in model.safetensors has no place");
        }
    }

    private void save(DecoderModel model, UnaryOperator<String> renamed, String... others) {
        model.save(folder, 1 << 30);
        Map<String, Tensor> tensors = new TreeMap<>();
        model.parameters()
                .forEach((name, parameter) ->
                        tensors.put(renamed.apply(name), parameter.tensor().detach()));
        for (String other : others) {
            tensors.put(other, Torch.floats(1, 2));
        }
        SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }

    @Test
    void aMisshapenWeightIsNamedWithBothShapes() throws IOException {
        save();
        rewriteConfig("intermediate_size", 32);
        assertThatThrownBy(() -> DecoderModel.load(folder))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("Cannot load weights: ")
                .hasMessageContaining("model.layers.0.mlp.up_proj.weight has shape [24, 16] in model.safetensors,"
                        + " the config needs [32, 16]")
                .hasMessageContaining("model.layers.2.mlp.down_proj.weight")
                .hasMessageEndingWith("Check intermediate_size in config.json.");
    }

    @Test
    void missingAndUnexpectedWeightsAreNamed() throws IOException {
        save();
        rewriteConfig("num_hidden_layers", 4);
        assertThatThrownBy(() -> DecoderModel.load(folder))
                .hasMessageContaining("model.layers.3.input_layernorm.weight is missing")
                .hasMessageContaining("and 3 more")
                .hasMessageEndingWith("Check num_hidden_layers and architectures in config.json.");
        rewriteConfig("num_hidden_layers", 2);
        assertThatThrownBy(() -> DecoderModel.load(folder))
                .hasMessageContaining("model.layers.2.input_layernorm.weight in model.safetensors has no place");
    }

    @Test
    void anIndexMayNotLeaveItsFolder() throws IOException {
        save();
        for (String name : new String[] {"../model.safetensors", "/etc/model.safetensors", "model.bin"}) {
            Files.writeString(
                    folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"x\": \"" + name + "\"}}");
            assertThatThrownBy(() -> DecoderModel.load(folder))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("which is no file beside it");
        }
    }

    @Test
    void aFolderWithoutWeightsSaysWhatIsRead() throws IOException {
        save();
        Files.delete(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> DecoderModel.load(folder)).hasMessageContaining("Only safetensors are read");
        assertThatThrownBy(() -> DecoderModel.load(folder.resolve("absent")))
                .hasMessageContaining("there is no such folder");
        Files.delete(folder.resolve("config.json"));
        assertThatThrownBy(() -> DecoderModel.load(folder)).hasMessageContaining("it has no config.json");
    }

    @Test
    void closingAModelFreesIt() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = random(true, 1)) {
            hidden(model);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private void save() {
        try (Scope scope = Scope.open();
                DecoderModel model = random(true, 1)) {
            model.save(folder, 1 << 30);
        }
    }

    private void rewriteConfig(String key, Object value) throws IOException {
        ModelConfig config = ModelConfig.read(folder).with(key, value);
        Files.writeString(folder.resolve("config.json"), config.json().toString());
    }

    private static DecoderModel random(boolean tied, long seed) {
        return DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", tied), seed);
    }

    private static float[] hidden(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
