package io.apus.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExporterTest {
    private static final List<String> ALL = List.of("hf", "gguf_f32", "gguf_f16", "gguf_q8_0");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM"})
    void everyFormatOfEveryFamilyGivesTheTrainedModelsLogits(String modelClass) throws IOException {
        Path base = model(modelClass, 64);
        long before = Scope.liveNatives();
        List<Exporter.Exported> exported =
                Exporter.run(task(base, ALL, 320), name -> {}).formats();
        assertThat(exported).extracting(Exporter.Exported::format).containsExactlyElementsOf(ALL);
        assertThat(exported).allSatisfy(one -> assertThat(one.parity().holds()).isTrue());
        assertThat(exported.get(0).parity().maxLogitDifference()).isZero();
        // The same float32 numbers in another order of rows: only the order of additions may differ.
        assertThat(exported.get(1).parity().maxLogitDifference()).isLessThan(1e-4);
        assertThat(exported.get(3).parity().meanKl())
                .isGreaterThan(exported.get(2).parity().meanKl());
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3_rope", "mistral", "qwen2", "qwen2_tied", "qwen2_yarn", "qwen3"})
    void goldenModelsKeepTheirLogits(String name) throws IOException {
        Path base = SharedReference.path("golden/models/" + name);
        List<Exporter.Exported> exported =
                Exporter.run(task(base, ALL, 320), format -> {}).formats();
        exported.forEach(one -> System.out.println(name + " " + one.format() + " " + one.parity()));
        assertThat(exported).hasSize(4);
    }

    @Test
    void rowsThatDoNotFillABlockAreStoredAsHalf() throws IOException {
        Path base = model("Qwen3ForCausalLM", 48);
        assertThat(Exporter.run(task(base, List.of("gguf_q8_0"), 320), name -> {})
                        .formats())
                .allSatisfy(one -> assertThat(one.parity().holds()).isTrue());
    }

    /** It is exported on the base as it is stored, and how far that is from the model that was trained is told. */
    @Test
    void anAdapterOfAQuantisedBaseIsMergedIntoTheBaseItself() throws IOException {
        Path base = model("Qwen3ForCausalLM", 64);
        Path adapter = folder.resolve("adapter");
        QuantiseSpec nf4 = new QuantiseSpec("bnb", 4, null, null, null, null, null);
        Parity merged;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel trained = DecoderModel.load(base, Quantisers.of(nf4))) {
            Tuner tuner = Tuners.of(TunerSpec.of("lora"));
            tuner.attach(trained, 1);
            trained.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .forEach(parameter -> parameter.tensor().add_(Torch.scalar(0.02)));
            tuner.save(trained, adapter, base.toString());
            try (ParityGate gate = new ParityGate(trained, probes(320))) {
                long before = Scope.liveNatives();
                ExportTask task = new ExportTask(
                        "toy", base, adapter, nf4, base, folder.resolve("out"), List.of("hf"), 1 << 20, probes(320));
                Exporter.Exports exports = Exporter.run(task, name -> {});
                assertThat(Scope.liveNatives()).isEqualTo(before);
                assertThat(exports.formats().get(0).parity().holds()).isTrue();
                merged = exports.fromTrained().orElseThrow();
                try (DecoderModel exported = DecoderModel.load(folder.resolve("out/hf"))) {
                    assertThat(gate.compare(exported, 1).meanKl()).isCloseTo(merged.meanKl(), within(1e-5));
                }
            }
        }
        assertThat(merged.meanKl()).as("the rounding of the base").isGreaterThan(1e-3);
    }

    @Test
    void aDamagedExportIsNotCommitted() {
        try (DecoderModel trained = DecoderModel.random(config("Qwen3ForCausalLM", 64), 1);
                DecoderModel other = DecoderModel.random(config("Qwen3ForCausalLM", 64), 2);
                ParityGate gate = new ParityGate(trained, probes(320))) {
            assertThat(gate.compare(trained, 1e-6).holds()).isTrue();
            assertThat(gate.compare(other, 2e-2).holds()).isFalse();
        }
    }

    @Test
    void aSplitRuleThatLlamaCppLacksIsRefused() throws IOException {
        Path base = model("Qwen3ForCausalLM", 64);
        Path tokenizer = ToyTokenizer.write(folder.resolve("odd"), "[a-z]+");
        ExportTask task = new ExportTask(
                "odd",
                base,
                null,
                QuantiseSpec.none(),
                tokenizer,
                folder.resolve("odd-out"),
                List.of("gguf_f16"),
                1 << 20,
                probes(320));
        assertThatThrownBy(() -> Exporter.run(task, name -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no name for its split expression [a-z]+");
    }

    @Test
    void familiesThatGgufIsNotWrittenForAreRefused() throws IOException {
        Path base = model("GemmaForCausalLM", 64);
        ExportTask task = task(base, List.of("gguf_f16"), 320);
        assertThatThrownBy(() -> Exporter.run(task, name -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Unknown architecture for GGUF: \"GemmaForCausalLM\" is not known")
                .hasMessageContaining("LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM");
        assertThatThrownBy(() -> ExportFormats.of("gguf_f16").check("GemmaForCausalLM"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Unknown architecture for GGUF");
    }

    @Test
    void unknownFormatsAnswerWithTheNearest() {
        assertThatThrownBy(() -> ExportFormats.of("gguf_q8"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"gguf_q8_0\"");
    }

    private ExportTask task(Path base, List<String> formats, int vocabulary) throws IOException {
        Path tokenizer = ToyTokenizer.write(folder.resolve("tokenizer"), ToyTokenizer.QWEN_SPLIT);
        return new ExportTask(
                "toy",
                base,
                null,
                QuantiseSpec.none(),
                tokenizer,
                folder.resolve("out"),
                formats,
                200_000,
                probes(vocabulary));
    }

    private static List<long[]> probes(int vocabulary) {
        Random random = new Random(3);
        List<long[]> probes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            probes.add(random.longs(24 + i, 0, vocabulary).toArray());
        }
        return probes;
    }

    private Path model(String modelClass, int hiddenSize) throws IOException {
        Path base = folder.resolve("base");
        Files.createDirectories(base);
        try (DecoderModel model = DecoderModel.random(config(modelClass, hiddenSize), 11)) {
            model.save(base, 1 << 30);
        }
        return base;
    }

    private static ModelConfig config(String modelClass, int hiddenSize) {
        String type = modelClass.substring(0, modelClass.indexOf("For")).toLowerCase(java.util.Locale.ROOT);
        return ModelConfig.parse(
                """
                {"architectures": ["%s"], "model_type": "%s", "vocab_size": 320, "hidden_size": %d, "intermediate_size": 96,
                 "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
                 "max_position_embeddings": 128, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "hidden_act": "silu",
                 "initializer_range": 0.2, "tie_word_embeddings": false}"""
                        .formatted(modelClass, type, hiddenSize));
    }
}
