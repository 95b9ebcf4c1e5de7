package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.AttentionGroups;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenShare;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.EmbeddingNoise;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTunerTest {
    @TempDir
    Path folder;

    @Test
    void atFirstNothingChanges() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            float[] before = logits(model);
            Tuners.of(spec(List.of("all-linear"), null, List.of())).attach(model, 1);
            assertThat(logits(model)).isEqualTo(before);
        }
    }

    @Test
    void onlyTheAdapterLearns() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            Tuners.of(spec(List.of("q_proj", "v_proj"), null, List.of())).attach(model, 1);
            TokenBatch batch = TokenBatch.of(TinyModels.ids(12, 3), 12);
            float[] ones = new float[12];
            Arrays.fill(ones, 1);
            new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, ones, 1), 0, GradientSink.none());
            Set<String> learning = model.parameters().values().stream()
                    .filter(p -> p.gradient().isPresent())
                    .map(Parameter::name)
                    .collect(Collectors.toSet());
            assertThat(learning).hasSize(3 * 2 * 2).allMatch(name -> name.contains(".lora_"));
        }
    }

    @Test
    void allLinearIsEveryLinearButTheHead() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            Tuners.of(spec(List.of("all-linear"), null, List.of())).attach(model, 1);
            Set<String> learning = trainable(model);
            assertThat(learning).hasSize(3 * 7 * 2).contains("model.layers.2.mlp.down_proj.lora_B.weight");
        }
    }

    @Test
    void aPatternPicksWholeNames() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            Tuners.of(spec(List.of("all-linear"), ".*layers\\.[02]\\.mlp\\.up_proj", List.of()))
                    .attach(model, 1);
            assertThat(trainable(model))
                    .containsExactlyInAnyOrder(
                            "model.layers.0.mlp.up_proj.lora_A.weight",
                            "model.layers.0.mlp.up_proj.lora_B.weight",
                            "model.layers.2.mlp.up_proj.lora_A.weight",
                            "model.layers.2.mlp.up_proj.lora_B.weight");
        }
    }

    @Test
    void whatNamesNoLinearIsRefusedWithTheNearest() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            Tuner typo = Tuners.of(spec(List.of("q_proj", "v_porj", "lm_head"), null, List.of()));
            assertThatThrownBy(() -> typo.attach(model, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("\"v_porj\" (nearest: \"v_proj\")")
                    .hasMessageContaining("\"lm_head\"");
            Tuner nothing = Tuners.of(spec(List.of("all-linear"), "q_proj", List.of()));
            assertThatThrownBy(() -> nothing.attach(model, 1)).hasMessageContaining("matches no linear");
            Tuner broken = Tuners.of(spec(List.of("all-linear"), "(", List.of()));
            assertThatThrownBy(() -> broken.attach(model, 1)).hasMessageContaining("is no pattern");
            Tuner saved = Tuners.of(spec(List.of("all-linear"), null, List.of("lm_haed")));
            assertThatThrownBy(() -> saved.attach(model, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("nearest: \"lm_head\"")
                    .hasMessageContaining("embed_tokens, input_layernorm, k_norm, lm_head, norm");
            Tuner linear = Tuners.of(spec(List.of("q_proj"), null, List.of("up_proj")));
            assertThatThrownBy(() -> linear.attach(model, 1)).hasMessageContaining("beside the linears");
        }
    }

    @Test
    void theStartDependsOnTheSeedAlone() {
        try (Scope scope = Scope.open();
                DecoderModel first = model(false);
                DecoderModel second = model(false)) {
            Tuners.of(spec(List.of("all-linear"), null, List.of())).attach(first, 5);
            Torch.seed(99);
            Tuners.of(spec(List.of("all-linear"), null, List.of())).attach(second, 5);
            String name = "model.layers.1.mlp.down_proj.lora_A.weight";
            float[] values = Torch.toFloats(first.parameters().get(name).tensor());
            assertThat(values)
                    .isEqualTo(Torch.toFloats(second.parameters().get(name).tensor()));
            double bound = 1 / Math.sqrt(24);
            for (float value : values) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
            }
        }
    }

    @Test
    void mergedEqualsUnmergedAndSavesAsAPlainModel() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true)) {
            Tuner tuner = Tuners.of(spec(List.of("all-linear"), null, List.of("lm_head")));
            tuner.attach(model, 1);
            disturb(model);
            float[] unmerged = logits(model);
            tuner.merge(model);
            assertThat(logits(model)).containsExactly(unmerged, Offset.offset(1e-4f));
            assertThat(model.parameters().keySet()).noneMatch(name -> name.contains("lora"));
            model.save(folder, 1 << 30);
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(loaded.head().tied()).isFalse();
                assertThat(logits(loaded)).isEqualTo(logits(model));
            }
        }
    }

    @Test
    void savedAdaptersLoadTheSame() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true);
                DecoderModel fresh = model(true)) {
            Tuner tuner = Tuners.of(spec(List.of("all-linear"), null, List.of("lm_head", "embed_tokens")));
            tuner.attach(model, 1);
            disturb(model);
            tuner.save(model, folder, "org/base");
            Adapters.load(fresh, folder, false);
            assertThat(logits(fresh)).isEqualTo(logits(model));
            assertThat(trainable(fresh)).isEmpty();
            JsonNode config = new ObjectMapper()
                    .readTree(folder.resolve("adapter_config.json").toFile());
            assertThat(config.get("base_model_name_or_path").asText()).isEqualTo("org/base");
            assertThat(config.get("target_modules")).hasSize(7);
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                assertThat(file.names())
                        .hasSize(3 * 7 * 2 + 2)
                        .contains(
                                "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                                "base_model.model.lm_head.weight",
                                "base_model.model.model.embed_tokens.weight");
            }
        }
    }

    @Test
    void anAdapterThatDoesNotFitIsNamedInFull() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false);
                DecoderModel other = model(false)) {
            Tuner tuner = Tuners.of(spec(List.of("q_proj", "v_proj"), null, List.of()));
            tuner.attach(model, 1);
            tuner.save(model, folder, "base");
            Path config = folder.resolve("adapter_config.json");
            String text = Files.readString(config);
            Files.writeString(config, text.replace("\"r\" : 4", "\"r\" : 8").replace("\"v_proj\"", "\"o_proj\""));
            assertThatThrownBy(() -> Adapters.load(other, folder, true))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("q_proj.lora_A.weight has shape [4, 16]")
                    .hasMessageContaining("o_proj.lora_A.weight is missing")
                    .hasMessageContaining("v_proj.lora_A.weight has no place in the model");
        }
    }

    @Test
    void optionsThatChangeTheResultAreRefused() throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"use_qalora\": true, \"bias\": \"lora_only\","
                        + "\"rank_pattern\": {\"(q_proj\": 2}, \"init_lora_weights\": \"corda\"}");
        try (Scope scope = Scope.open();
                DecoderModel model = model(false)) {
            assertThatThrownBy(() -> Adapters.load(model, folder, true))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("use_qalora is true")
                    .hasMessageContaining("rank_pattern has \"(q_proj\", which is no pattern")
                    .hasMessageContaining("bias is \"lora_only\"")
                    .hasMessageContaining("init_lora_weights is \"corda\"");
        }
    }

    @Test
    void attachingMergingAndClosingLeaksNothing() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = model(true)) {
            Tuner tuner = Tuners.of(spec(List.of("all-linear"), null, List.of("lm_head")));
            tuner.attach(model, 1);
            logits(model);
            tuner.merge(model);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void longLoraTrainsLlamasWithinGroupsAndLeavesAPlainAdapter() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("LlamaForCausalLM", Map.of()), 7)) {
            Tuner tuner = Tuners.of(Specs.tuner("longlora", Map.of()));
            AttentionGroups groups = tuner.attention(model.config());
            assertThat(groups.share()).isEqualTo(0.25);
            tuner.attach(model, 1);
            TokenBatch batch = TokenBatch.of(TinyModels.ids(12, 3), 12);
            float[] ones = new float[12];
            Arrays.fill(ones, 1);
            double near = new Backpropagation(model, true, EmbeddingNoise.none(), groups, TokenShare.all())
                    .step(batch, LinearCrossEntropy.of(batch, ones, 1), 0, GradientSink.none())
                    .meanLoss();
            double far = new Backpropagation(model, true)
                    .step(batch, LinearCrossEntropy.of(batch, ones, 1), 0, GradientSink.none())
                    .meanLoss();
            assertThat(near).isNotEqualTo(far);
            tuner.save(model, folder, "base");
            try (DecoderModel fresh = DecoderModel.random(model.config(), 7)) {
                Adapters.resume(fresh, folder, TunerSpec.of("longlora"));
                assertThat(logits(fresh)).isEqualTo(logits(model));
            }
            assertThatThrownBy(() -> tuner.attention(TinyModels.qwen3()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("it is for LlamaForCausalLM");
            assertThatThrownBy(() -> Adapters.resume(model, folder, TunerSpec.of("adalora")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("of the kind LORA, which tuner_type adalora does not train");
        }
    }

    /** PEFT matches a pattern with the end of a module's name. */
    @Test
    void modulesMayHaveRanksAndAlphasOfTheirOwn() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false);
                DecoderModel fresh = model(false)) {
            Tuner tuner = Tuners.of(spec(List.of("q_proj", "up_proj"), null, List.of()));
            tuner.attach(model, 1);
            tuner.save(model, folder, "base");
            Path config = folder.resolve("adapter_config.json");
            String text = Files.readString(config)
                    .replace("\"rank_pattern\" : { }", "\"rank_pattern\" : {\"layers.1.*.q_proj\": 2}")
                    .replace("\"alpha_pattern\" : { }", "\"alpha_pattern\" : {\"up_proj\": 3.5}");
            Files.writeString(config, text);
            assertThatThrownBy(() -> Adapters.load(fresh, folder, true))
                    .hasMessageContaining("layers.1.self_attn.q_proj.lora_A.weight has shape [4, 16]")
                    .hasMessageContaining("the config needs [2, 16]");
        }
        Path config = folder.resolve("adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("{\"layers.1.*.q_proj\": 2}", "{}"));
        try (Scope scope = Scope.open();
                DecoderModel fresh = model(false);
                DecoderModel merged = model(false)) {
            Tuner tuner = Adapters.load(fresh, folder, true);
            disturb(fresh);
            float[] unmerged = logits(fresh);
            tuner.save(fresh, folder.resolve("again"), "base");
            tuner.merge(fresh);
            assertThat(logits(fresh)).containsExactly(unmerged, Offset.offset(1e-4f));
            JsonNode again = new ObjectMapper()
                    .readTree(folder.resolve("again/adapter_config.json").toFile());
            assertThat(again.get("alpha_pattern").get("up_proj").asDouble()).isEqualTo(3.5);
            Adapters.load(merged, folder.resolve("again"), false);
            assertThat(logits(merged)).isEqualTo(unmerged);
        }
    }

    @Test
    void fullTrainsEverything() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true)) {
            Tuner full = Tuners.of(TunerSpec.of("full"));
            full.attach(model, 1);
            assertThat(trainable(model)).isEqualTo(model.parameters().keySet());
            full.save(model, folder, "base");
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(logits(loaded)).isEqualTo(logits(model));
            }
        }
    }

    private static TunerSpec spec(List<String> modules, String regex, List<String> saved) {
        Map<String, Object> targets = new HashMap<>(Map.of("targetModules", modules, "modulesToSave", saved));
        targets.put("targetRegex", regex);
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of("loraDropout", 0.1))));
    }

    private static DecoderModel model(boolean tied) {
        return DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", tied), 7);
    }

    private static Set<String> trainable(DecoderModel model) {
        return model.parameters().values().stream()
                .filter(Parameter::trainable)
                .map(Parameter::name)
                .collect(Collectors.toSet());
    }

    /** Moves every trained value, so that the adapter matters. */
    private static void disturb(DecoderModel model) {
        model.parameters().values().stream()
                .filter(Parameter::trainable)
                .forEach(p -> p.tensor().data().add_(Torch.scalar(0.05)));
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
