package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that name modules, on families that do not use Llama's names. */
class FamilyModulesTest {
    private static final Map<String, Object> HEADS = Map.of("num_key_value_heads", 4, "head_dim", 4, "rotary_pct", 0.5);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "LlamaForCausalLM, model.embed_tokens, lm_head, norm",
        "InternLM2ForCausalLM, model.tok_embeddings, output, norm",
        "GPTNeoXForCausalLM, gpt_neox.embed_in, embed_out, final_layer_norm",
        "GPT2LMHeadModel, transformer.wte, lm_head, ln_f",
        "FalconForCausalLM, transformer.word_embeddings, lm_head, ln_f",
        "BloomForCausalLM, transformer.word_embeddings, lm_head, ln_f"
    })
    void embeddingAndHeadAnswerToLlamasNamesAndTheirOwn(
            String architecture, String embedding, String head, String finalNorm) throws Exception {
        ModelConfig config = TinyModels.config(architecture, HEADS).with("tie_word_embeddings", true);
        String own = embedding.substring(embedding.lastIndexOf('.') + 1);
        for (List<String> names : List.of(List.of("embed_tokens", "lm_head"), List.of(own, head))) {
            try (Scope scope = Scope.open();
                    DecoderModel model = DecoderModel.random(config, 3)) {
                Tuner tuner = Tuners.of(saving(names));
                tuner.check(config);
                tuner.attach(model, 1);
                assertThat(trained(model)).contains(embedding + ".weight", head + ".weight");
                assertThat(tuner.trainable(config)).hasValue(count(model));
                tuner.save(model, folder, "base");
                JsonNode file = new ObjectMapper()
                        .readTree(folder.resolve("adapter_config.json").toFile());
                assertThat(file.get("modules_to_save"))
                        .extracting(JsonNode::asText)
                        .containsExactly(own, head);
                try (SafeTensorsFile weights = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                    assertThat(weights.names())
                            .contains(
                                    "base_model.model." + embedding + ".weight",
                                    "base_model.model." + head + ".weight");
                }
            }
        }
        try (DecoderModel model = DecoderModel.random(config, 3)) {
            Tuners.of(saving(List.of("all-norm"))).attach(model, 1);
            assertThat(trained(model)).anyMatch(name -> name.endsWith("." + finalNorm + ".weight"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FalconForCausalLM",
        "GPT2LMHeadModel",
        "InternLM2ForCausalLM",
        "GptOssForCausalLM",
        "GraniteMoeForCausalLM",
        "BloomForCausalLM"
    })
    void theCountThatThePlanSaysIsTheOneThatIsTrained(String architecture) {
        ModelConfig config = TinyModels.config(architecture, HEADS);
        for (String type : List.of("lora", "bone", "boft", "vera", "adalora")) {
            try (DecoderModel model = DecoderModel.random(config, 3)) {
                Tuner tuner = Tuners.of(TunerSpec.of(type));
                tuner.attach(model, 1);
                assertThat(tuner.trainable(config).orElse(count(model)))
                        .as(type)
                        .isEqualTo(count(model));
            }
        }
    }

    @Test
    void whatTheModelLacksIsSaidFromItsConfigAlone() {
        ModelConfig config = TinyModels.config("GptOssForCausalLM", HEADS);
        Map<String, Object> targets = Map.of("targetModules", List.of("gate_up_proj"));
        Tuner experts = Tuners.of(Specs.tuner("lora", Map.of("targets", targets)));
        assertThatThrownBy(() -> experts.check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("names no linear of this model with \"gate_up_proj\"");
        assertThatThrownBy(() -> Tuners.of(saving(List.of("lm_haed"))).check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nearest: \"lm_head\"");
        assertThatThrownBy(() -> Tuners.of(TunerSpec.of("longlora")).check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it is for LlamaForCausalLM");
    }

    @Test
    void layersThatDoNotFitAreSaidFromTheConfigAlone() {
        ModelConfig config = TinyModels.config("LlamaForCausalLM", HEADS);
        assertThatThrownBy(() -> Tuners.of(TunerSpec.of("llamapro")).check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its 3 layers do not split into 4 equal groups");
        Map<String, Object> layers = Map.of("block", Map.of("reftLayers", List.of(1, 3)));
        assertThatThrownBy(() -> Tuners.of(Specs.tuner("reft", Map.of("methods", layers)))
                        .check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("reft_layers are [1, 3] and the model has 3 layers");
        ModelConfig recurrent = TinyModels.config(
                "Qwen3NextForCausalLM",
                Map.of(
                        "num_experts", 4,
                        "num_experts_per_tok", 2,
                        "moe_intermediate_size", 8,
                        "shared_expert_intermediate_size", 8,
                        "linear_num_key_heads", 2,
                        "linear_num_value_heads", 2,
                        "linear_key_head_dim", 8,
                        "linear_value_head_dim", 8,
                        "linear_conv_kernel_dim", 4));
        for (String type : List.of("prompt_tuning", "prefix_tuning")) {
            assertThatThrownBy(() -> Tuners.of(TunerSpec.of(type)).check(recurrent))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("layers of Qwen3NextForCausalLM mix tokens without attention");
        }
    }

    @Test
    void aMixtureUnderADenseModelsNameIsRefused() {
        assertThatThrownBy(() -> TinyModels.config("XverseForCausalLM", Map.of("num_experts", 8)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("num_experts is 8, and XverseForCausalLM is known here without experts only");
        assertThat(TinyModels.config("XverseForCausalLM", Map.of("num_experts", 1))
                        .architecture())
                .isEqualTo("XverseForCausalLM");
    }

    private static TunerSpec saving(List<String> modules) {
        return Specs.tuner(
                "lora",
                Map.of("targets", Map.of("modulesToSave", modules), "lora", Specs.loraGroup(Map.of("loraRank", 2))));
    }

    private static List<String> trained(DecoderModel model) {
        return model.parameters().values().stream()
                .filter(Parameter::trainable)
                .map(Parameter::name)
                .toList();
    }

    private static long count(DecoderModel model) {
        return model.parameters().values().stream()
                .filter(Parameter::trainable)
                .mapToLong(Parameter::count)
                .sum();
    }
}
