package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Decomposition;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How low-rank updates begin, and what else LoRA's options do. */
class LoraStartsTest {
    private static final String MODULE = "model.layers.1.mlp.up_proj";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "pissa_niter_16"})
    void pissaTakesTheLargestSingularValuesOutOfTheWeight(String start) {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Tensor before = weight(model).clone();
            Tuners.of(spec(start, false)).attach(model, 1);
            Tensor taken = before.sub(weight(model));
            Decomposition.Svd parts = Decomposition.svd(before);
            Decomposition.Svd left = Decomposition.svd(weight(model));
            float[] all = Torch.toFloats(parts.s());
            float[] after = Torch.toFloats(left.s());
            for (int i = 0; i < all.length; i++) {
                float wanted = i + 4 < all.length ? all[i + 4] : 0;
                assertThat(after[i]).isCloseTo(wanted, Offset.offset(1e-4f));
            }
            assertThat(Decomposition.svd(taken).s().narrow(0, 4, 1).item_double())
                    .isLessThan(1e-5);
        }
    }

    @Test
    void loftqMeetsTheWeightBetterThanRoundingAlone() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = TunerCase.base()) {
            Tensor before = weight(model).clone();
            Tuners.of(spec("loftq", false)).attach(model, 1);
            Tensor up = model.parameters().get(MODULE + ".lora_B.weight").tensor();
            Tensor down = model.parameters().get(MODULE + ".lora_A.weight").tensor();
            Tensor lost = before.sub(weight(model));
            Tensor left = lost.sub(up.mm(down).mul(Torch.scalar(2)));
            float[] values = Torch.toFloats(Decomposition.svd(lost).s());
            double tail = 0;
            for (int i = 4; i < values.length; i++) {
                tail += values[i] * values[i];
            }
            assertThat(left.norm().item_double()).isCloseTo(Math.sqrt(tail), Offset.offset(1e-5));
            assertThat(lost.norm().item_double()).isGreaterThan(1.2 * Math.sqrt(tail));
        }
    }

    @Test
    void oloraLeavesAnOrthonormalB() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = TunerCase.base()) {
            Tuners.of(spec("olora", false)).attach(model, 1);
            Tensor up = model.parameters().get(MODULE + ".lora_B.weight").tensor();
            float[] gram = Torch.toFloats(up.t().mm(up));
            for (int i = 0; i < 16; i++) {
                assertThat(gram[i]).isCloseTo(i % 5 == 0 ? 1 : 0, Offset.offset(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pissa, false", "olora, false", "pissa_niter_4, false", "olora, true"})
    void theConvertedAdapterFitsTheBaseAsItWas(String start, boolean dora) {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base();
                DecoderModel fresh = TunerCase.base()) {
            Tuner tuner = Tuners.of(spec(start, dora));
            tuner.attach(model, 1);
            disturb(model);
            tuner.save(model, folder, "base");
            Adapters.load(fresh, folder.resolve("converted/default"), false);
            assertThat(logits(fresh)).containsExactly(logits(model), Offset.offset(1e-4f));
            assertThat(fresh.parameters().get(MODULE + ".lora_A.weight").shape())
                    .containsExactly(8, 16);
        }
    }

    @Test
    void aStartThatChangesTheBaseNeedsARankThatIsThere() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Tuner wide = Tuners.of(Specs.tuner("lora", Map.of("initWeights", "pissa", "lora", Map.of("loraRank", 17))));
            assertThatThrownBy(() -> wide.attach(model, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("takes rank 17 out of")
                    .hasMessageContaining("16 or less");
            assertThatThrownBy(() -> Tuners.of(spec("pisa", false)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("Did you mean \"pissa\"");
        }
    }

    /** |A| per row: outFeatures^(1/4) / sqrt(16); ArB2r: A is what the gradient does most, B what it does next. */
    @ParameterizedTest
    @ValueSource(strings = {"ArB2r", "A2rBr", "ArBr", "random"})
    void loraGaBeginsAsSingularVectorsOfTheGradient(String direction) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = TunerCase.base();
                DecoderModel fresh = TunerCase.base()) {
            Tuner tuner = Tuners.of(Specs.tuner(
                    "lora",
                    Map.of(
                            "initWeights", "lora-ga",
                            "lora", Specs.loraGroup(Map.of()),
                            "loraGa", Map.of("loraGaDirection", direction))));
            Map<String, Tensor> gradients = TunerCase.gradients(model);
            tuner.attach(model, 1, gradients);
            Tensor down = model.parameters().get(MODULE + ".lora_A.weight").tensor();
            Tensor up = model.parameters().get(MODULE + ".lora_B.weight").tensor();
            double length = Math.pow(24, 0.25) / 4;
            assertThat(down.narrow(0, 2, 1).norm().item_double()).isCloseTo(length, Offset.offset(1e-5));
            assertThat(up.narrow(1, 2, 1).norm().item_double()).isCloseTo(length, Offset.offset(1e-5));
            Tensor seen = gradients.get(MODULE + ".weight").mm(down.t()).div(Torch.scalar(length));
            Decomposition.Svd parts = Decomposition.svd(gradients.get(MODULE + ".weight"));
            float[] values = Torch.toFloats(parts.s());
            double met = seen.narrow(1, 0, 1).norm().item_double();
            if (!direction.equals("random")) {
                int first = direction.equals("ArB2r") ? 0 : direction.equals("A2rBr") ? 4 : 1;
                assertThat(met).isCloseTo(values[first], Offset.offset(1e-3));
            }
            disturb(model);
            tuner.save(model, folder, "base");
            Adapters.load(fresh, folder.resolve("converted/default"), false);
            assertThat(logits(fresh)).containsExactly(logits(model), Offset.offset(1e-4f));
        }
    }

    @Test
    void loraGaWithoutDataIsRefused() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Tuner tuner = Tuners.of(spec("lora-ga", false));
            assertThatThrownBy(() -> tuner.attach(model, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("needs the gradient of model.layers.0");
        }
    }

    @Test
    void gaussianDrawsWithTheDeviationOfOneOverTheRank() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Tuners.of(spec("gaussian", false)).attach(model, 1);
            Tensor down = model.parameters().get(MODULE + ".lora_A.weight").tensor();
            assertThat(down.std().item_double()).isBetween(0.2, 0.3);
        }
    }

    @Test
    void allBiasesAreTrainedAndKeptByThePeftsNames() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = biased();
                DecoderModel fresh = biased()) {
            Map<String, Object> lora = Specs.loraGroup(Map.of("loraBias", "all"));
            Map<String, Object> targets = Map.of("targetModules", List.of("q_proj"));
            Tuner tuner = Tuners.of(Specs.tuner("lora", Map.of("targets", targets, "lora", lora)));
            tuner.attach(model, 1);
            disturb(model);
            tuner.save(model, folder, "base");
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                assertThat(file.names())
                        .hasSize(3 * (2 + 3))
                        .contains(
                                "base_model.model.model.layers.0.self_attn.q_proj.base_layer.bias",
                                "base_model.model.model.layers.0.self_attn.v_proj.bias");
            }
            assertThat(Files.readString(folder.resolve("adapter_config.json"))).contains("\"bias\" : \"all\"");
            Adapters.load(fresh, folder, true);
            assertThat(fresh.parameters()
                            .get("model.layers.0.self_attn.v_proj.bias")
                            .trainable())
                    .isTrue();
            assertThat(logits(fresh)).isEqualTo(logits(model));
        }
    }

    @Test
    void loraPlusHastensBAlone() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Tuner tuner = Tuners.of(Specs.lora(Map.of("lorapLrRatio", 16)));
            tuner.attach(model, 1);
            Map<String, Parameter> parameters = model.parameters();
            assertThat(tuner.learningRateRatio(parameters.get(MODULE + ".lora_A.weight")))
                    .isEqualTo(1);
            assertThat(tuner.learningRateRatio(parameters.get(MODULE + ".lora_B.weight")))
                    .isEqualTo(16);
        }
    }

    private static TunerSpec spec(String start, boolean dora) {
        Map<String, Object> lora = Specs.loraGroup(Map.of("useDora", dora));
        return Specs.tuner("lora", Map.of("initWeights", start, "lora", lora));
    }

    private static DecoderModel biased() {
        return DecoderModel.random(TinyModels.config("Qwen2ForCausalLM", Map.of()), 7);
    }

    private static Tensor weight(DecoderModel model) {
        return model.parameters().get(MODULE + ".weight").tensor();
    }

    private static void disturb(DecoderModel model) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.tensor()
                    .add_(Torch.scalar(0.05)));
        }
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
