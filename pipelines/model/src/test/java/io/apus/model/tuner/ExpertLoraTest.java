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
import io.apus.model.tuner.lora.LoraFile;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Low-rank updates of the weights of all experts of a layer, beside what every tuner promises. */
class ExpertLoraTest {
    private static final String UP = "mlp.experts.gate_up_proj";
    private static final String DOWN = "mlp.experts.down_proj";

    @TempDir
    Path folder;

    /** PEFT wraps the weights of one module in the order in which it declares them, whatever the order of their names. */
    @Test
    void theSecondWeightOfAModuleIsWrappedOutside() {
        ModelConfig config = gptOss();
        assertThat(added(config, List.of(DOWN)))
                .containsExactly("experts.lora_A.weight [20, 24]", "experts.lora_B.weight [16, 20]");
        assertThat(added(config, List.of(UP)))
                .containsExactly("experts.lora_A.weight [20, 16]", "experts.lora_B.weight [48, 20]");
        assertThat(added(config, List.of(DOWN, "experts.gate_up_proj")))
                .containsExactly(
                        "experts.base_layer.lora_A.weight [20, 16]",
                        "experts.base_layer.lora_B.weight [48, 20]",
                        "experts.lora_A.weight [20, 24]",
                        "experts.lora_B.weight [16, 20]");
    }

    /** What is trained in layer 1, and that the plan counts all of it. */
    private static Set<String> added(ModelConfig config, List<String> parameters) {
        try (DecoderModel model = DecoderModel.random(config, 1)) {
            Tuner tuner = Tuners.of(spec(List.of(), parameters));
            tuner.attach(model, 1);
            List<Parameter> trained = model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .toList();
            assertThat(tuner.trainable(config))
                    .hasValue(trained.stream().mapToLong(Parameter::count).sum());
            String layer = "model.layers.1.mlp.";
            return trained.stream()
                    .filter(parameter -> parameter.name().startsWith(layer))
                    .map(parameter ->
                            parameter.name().substring(layer.length()) + " " + Arrays.toString(parameter.shape()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void theConfigSaysWhatPeftNeeds() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(gptOss(), 1)) {
            attached(model, List.of("q_proj"), List.of(UP)).save(model, folder, "base");
            JsonNode config = new ObjectMapper()
                    .readTree(folder.resolve("adapter_config.json").toFile());
            assertThat(config.get("target_parameters"))
                    .extracting(JsonNode::asText)
                    .containsExactly(UP);
            assertThat(config.get("target_modules"))
                    .extracting(JsonNode::asText)
                    .containsExactly("q_proj");
            assertThatThrownBy(() -> LoraFile.open("it", folder))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("target_parameters");
        }
    }

    @Test
    void adaptersAreSwitched() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(gptOss(), 1);
                DecoderModel other = DecoderModel.random(gptOss(), 1)) {
            float[] base = logits(model);
            attached(other, List.of(), List.of(UP, DOWN)).save(other, folder, "base");
            float[] adapted = logits(other);
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("experts", folder);
                assertThat(logits(model)).isEqualTo(adapted);
                set.deactivate();
                assertThat(logits(model)).isEqualTo(base);
                set.activate("experts");
                assertThat(logits(model)).isEqualTo(adapted);
                assertThatThrownBy(() -> set.combine("two", Map.of("experts", 1.0), null))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("it updates more than linears");
            }
        }
    }

    @Test
    void whatCannotBeIsSaidFromTheConfigAlone() {
        refused(
                gptOss(),
                spec(List.of(), List.of("experts.gate_proj")),
                "with \"experts.gate_proj\" (nearest: \"" + UP + "\")",
                "Known: " + DOWN + ", " + UP + ".");
        refused(
                TinyModels.qwen3(),
                spec(List.of(), List.of(UP)),
                "with \"" + UP + "\"",
                "This model has none: name linears in target_modules.");
        Map<String, Object> targets = Map.of("targetParameters", List.of(UP));
        refused(
                gptOss(),
                Specs.tuner("lora", Map.of("targets", targets)),
                "lora_dropout is 0.05",
                "Set lora_dropout 0");
        Map<String, Object> lora = Specs.loraGroup(Map.of("useDora", true, "loraBias", "all"));
        refused(
                gptOss(),
                Specs.tuner("lora", Map.of("targets", targets, "lora", lora)),
                "use_dora is for linears",
                "lora_bias all");
        assertThatThrownBy(() -> Specs.tuner("loha", Map.of("targets", targets)))
                .hasStackTraceContaining("target_parameters: is for tuner_type lora, not loha");
    }

    private static void refused(ModelConfig config, TunerSpec spec, String cause, String cure) {
        assertThatThrownBy(() -> Tuners.of(spec).check(config))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(cause)
                .hasMessageContaining(cure);
    }

    private static TunerSpec spec(List<String> modules, List<String> parameters) {
        Map<String, Object> targets = Map.of("targetModules", modules, "targetParameters", parameters);
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of())));
    }

    private static ModelConfig gptOss() {
        return TinyModels.config("GptOssForCausalLM", Map.of("num_local_experts", 5));
    }

    private static Tuner attached(DecoderModel model, List<String> modules, List<String> parameters) {
        Tuner tuner = Tuners.of(spec(modules, parameters));
        tuner.attach(model, 1);
        TunerContractTest.disturb(model);
        return tuner;
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
