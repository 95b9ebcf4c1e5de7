package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Low-rank updates of token embeddings, beside what every tuner promises. */
class EmbeddingLoraTest {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-4f);
    private static final String PREFIX = "base_model.model.";

    @TempDir
    Path folder;

    /** In PEFT too a head that shares the embedding's weight goes on with the weight as it was. */
    @Test
    void aSharedHeadKeepsItsWeightAndGetsItsOwnOnMerging() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true, 1)) {
            float[] head = Torch.toFloats(model.head().weight().tensor());
            Tuner tuner = attached(model, List.of("embed_tokens"));
            float[] changed = logits(model);
            assertThat(model.head().tied()).isTrue();
            assertThat(Torch.toFloats(model.head().weight().tensor())).isEqualTo(head);
            tuner.merge(model);
            assertThat(logits(model)).containsExactly(changed, ROUNDING);
            assertThat(model.head().tied()).isFalse();
            assertThat(Torch.toFloats(model.head().weight().tensor())).isEqualTo(head);
            model.save(folder, 1 << 30);
            try (DecoderModel loaded = DecoderModel.load(folder)) {
                assertThat(logits(loaded)).isEqualTo(logits(model));
            }
        }
    }

    /** PEFT's save_embedding_layers: an embedding that is a target is written as it was, and read into the base. */
    @Test
    void theFileBringsTheRowsThatTheUpdateIsFor() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(false, 1);
                DecoderModel other = model(false, 2)) {
            attached(model, List.of("embed_tokens")).save(model, folder, "base");
            Adapters.load(other, folder, true);
            String name = "model.embed_tokens.weight";
            assertThat(Torch.toFloats(other.parameters().get(name).tensor()))
                    .isEqualTo(Torch.toFloats(model.parameters().get(name).tensor()));
            assertThat(other.parameters().get(name).trainable()).isFalse();
        }
    }

    @Test
    void grownRowsGoAlong() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true, 1);
                DecoderModel fresh = model(true, 1)) {
            model.growVocabulary(53, 8);
            attached(model, List.of("all-linear", "all-embedding")).save(model, folder, "base");
            Adapters.load(fresh, folder, false);
            assertThat(logits(fresh)).isEqualTo(logits(model));
            assertThat(fresh.config().vocabSize()).isEqualTo(53);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LlamaForCausalLM, model.embed_tokens, true",
        "Gemma2ForCausalLM, model.embed_tokens, true",
        "GPT2LMHeadModel, transformer.wte, false",
        "InternLM2ForCausalLM, model.tok_embeddings, false",
        "BloomForCausalLM, transformer.word_embeddings, false"
    })
    void everyFamilysEmbeddingAnswersToItsNames(String architecture, String module, boolean base) throws IOException {
        ModelConfig config = TinyModels.config(
                architecture, Map.of("num_key_value_heads", 4, "head_dim", 4, "query_pre_attn_scalar", 4));
        String own = module.substring(module.lastIndexOf('.') + 1);
        for (List<String> names : List.of(List.of("all-embedding"), List.of("embed_tokens"), List.of(own))) {
            try (Scope scope = Scope.open();
                    DecoderModel model = DecoderModel.random(config, 3)) {
                Tuner tuner = Tuners.of(spec(names));
                tuner.check(config);
                tuner.attach(model, 1);
                TunerContractTest.disturb(model);
                assertThat(tuner.trainable(config)).hasValue(4L * (50 + 16));
                tuner.save(model, folder, "base");
                JsonNode file = new ObjectMapper()
                        .readTree(folder.resolve("adapter_config.json").toFile());
                assertThat(file.get("target_modules"))
                        .extracting(JsonNode::asText)
                        .containsExactly(own);
                try (SafeTensorsFile weights = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                    Set<String> factors =
                            Set.of(PREFIX + module + ".lora_embedding_A", PREFIX + module + ".lora_embedding_B");
                    assertThat(weights.names()).containsAll(factors);
                    assertThat(weights.names().contains(PREFIX + module + ".base_layer.weight"))
                            .isEqualTo(base);
                    assertThat(weights.names()).hasSize(base ? 3 : 2);
                }
                float[] unmerged = logits(model);
                tuner.merge(model);
                assertThat(logits(model)).containsExactly(unmerged, ROUNDING);
            }
        }
    }

    @Test
    void aPatternMayNameIt() {
        Map<String, Object> targets = Map.of("targetRegex", "model\\.embed_tokens|.*q_proj");
        try (Scope scope = Scope.open();
                DecoderModel model = model(false, 1)) {
            Tuners.of(Specs.tuner("lora", Map.of("targets", targets))).attach(model, 1);
            assertThat(model.parameters().values().stream().filter(Parameter::trainable))
                    .hasSize(2 + 3 * 2);
        }
    }

    @Test
    void adaptersWithAndWithoutItAreSwitched() {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true, 1)) {
            float[] base = logits(model);
            saved("rows", List.of("embed_tokens", "q_proj"));
            saved("linears", List.of("up_proj"));
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("rows", folder.resolve("rows"));
                float[] rows = logits(model);
                set.load("linears", folder.resolve("linears"));
                assertThat(logits(model)).isNotEqualTo(rows);
                set.activate("rows");
                assertThat(logits(model)).isEqualTo(rows);
                set.deactivate();
                assertThat(logits(model)).isEqualTo(base);
            }
            assertThat(logits(model)).isEqualTo(base);
        }
    }

    private void saved(String name, List<String> modules) {
        try (Scope scope = Scope.open();
                DecoderModel model = model(true, 1)) {
            attached(model, modules).save(model, folder.resolve(name), "base");
        }
    }

    @Test
    void whatHasNoMeaningThereIsRefused() {
        ModelConfig config = TinyModels.qwen3();
        Map<String, Object> targets = Map.of("targetModules", List.of("embed_tokens"));
        refused(config, Specs.tuner("loha", Map.of("targets", targets)), "LOHA changes linears alone");
        Map<String, Object> dora = Specs.loraGroup(Map.of("useDora", true));
        refused(config, Specs.tuner("lora", Map.of("targets", targets, "lora", dora)), "use_dora is for linears");
        refused(config, Specs.tuner("lora", Map.of("targets", targets, "initWeights", "pissa")), "init_weights pissa");
        Map<String, Object> both =
                Map.of("targetModules", List.of("embed_tokens"), "modulesToSave", List.of("all-embedding"));
        refused(config, Specs.tuner("lora", Map.of("targets", both)), "in target_modules and in modules_to_save");
    }

    private static void refused(ModelConfig config, TunerSpec spec, String cause) {
        assertThatThrownBy(() -> Tuners.of(spec).check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(cause);
    }

    private static TunerSpec spec(List<String> modules) {
        return Specs.tuner(
                "lora", Map.of("targets", Map.of("targetModules", modules), "lora", Specs.loraGroup(Map.of())));
    }

    private static DecoderModel model(boolean tied, long seed) {
        return DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", tied), seed);
    }

    private static Tuner attached(DecoderModel model, List<String> modules) {
        Tuner tuner = Tuners.of(spec(modules));
        tuner.attach(model, 1);
        TunerContractTest.disturb(model);
        return tuner;
    }

    private static float[] logits(DecoderModel model) {
        long[] ids = TinyModels.ids(8, 1);
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(Arrays.copyOf(ids, 8), 3, 5), null)));
    }
}
