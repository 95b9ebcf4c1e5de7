package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings that grow for new tokens, and adapters that keep them. */
class NewTokenRowsTest {
    private static final int BEFORE = 50;
    private static final int AFTER = 53;
    private static final long[] IDS = TinyModels.ids(9, 5);
    private static final long[] NEW_IDS = {4, 50, 7, 52, 51};

    @TempDir
    Path folder;

    private static DecoderModel base(String architecture, boolean tied) {
        Map<String, Object> changes = Map.of("tie_word_embeddings", tied);
        return DecoderModel.random(TinyModels.config(architecture, changes), 3);
    }

    private static DecoderModel grown(boolean tied) {
        DecoderModel model = base("Qwen3ForCausalLM", tied);
        model.growVocabulary(AFTER, 8);
        return model;
    }

    @ParameterizedTest
    @CsvSource({"Qwen3ForCausalLM,false", "Qwen3ForCausalLM,true", "PhiForCausalLM,false"})
    void oldTokensKeepTheirRowsAndNewOnesBeginAtTheMean(String architecture, boolean tied) {
        long before = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = base(architecture, tied)) {
            float[] logits = logits(model, IDS);
            List<float[]> rows = List.of(
                    rows(model.embedding().weight(), 0, BEFORE),
                    rows(model.head().weight(), 0, BEFORE));
            model.growVocabulary(AFTER, 8);
            assertThat(model.config().vocabSize()).isEqualTo(AFTER);
            assertThat(model.head().tied()).isEqualTo(tied);
            assertThat(model.config().shapes().keySet())
                    .isEqualTo(model.parameters().keySet());
            model.config().shapes().forEach((name, shape) -> assertThat(
                            model.parameters().get(name).shape())
                    .as(name)
                    .isEqualTo(shape));
            float[] after = logits(model, IDS);
            for (int token = 0; token < IDS.length; token++) {
                assertThat(Arrays.copyOfRange(after, token * AFTER, token * AFTER + BEFORE))
                        .containsExactly(
                                Arrays.copyOfRange(logits, token * BEFORE, (token + 1) * BEFORE), Offset.offset(1e-5f));
            }
            assertMean(rows.get(0), model.embedding().weight());
            assertMean(rows.get(1), model.head().weight());
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    /** Deviations are about 0.3 here, so a billionth of the covariance moves numbers by some 1e-5. */
    private static void assertMean(float[] old, Parameter grown) {
        int width = old.length / BEFORE;
        assertThat(rows(grown, 0, BEFORE)).isEqualTo(old);
        float[] added = rows(grown, BEFORE, AFTER - BEFORE);
        for (int i = 0; i < added.length; i++) {
            double sum = 0;
            for (int row = 0; row < BEFORE; row++) {
                sum += old[row * width + i % width];
            }
            assertThat((double) added[i]).isCloseTo(sum / BEFORE, within(6e-5));
        }
        assertThat(Arrays.copyOfRange(added, 0, width)).isNotEqualTo(Arrays.copyOfRange(added, width, 2 * width));
    }

    @Test
    void theSeedDecidesTheRows() {
        try (Scope scope = Scope.open();
                DecoderModel one = grown(false);
                DecoderModel two = grown(false);
                DecoderModel other = base("Qwen3ForCausalLM", false)) {
            other.growVocabulary(AFTER, 9);
            assertThat(logits(two, NEW_IDS)).isEqualTo(logits(one, NEW_IDS));
            assertThat(logits(other, NEW_IDS)).isNotEqualTo(logits(one, NEW_IDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bnb", "hqq"})
    void quantisedLinearsStayAsTheyAre(String method) {
        try (DecoderModel model = base("Qwen3ForCausalLM", false)) {
            model.save(folder, 1 << 30);
        }
        QuantiseSpec spec = new QuantiseSpec(method, 4, null, null, null, null, null);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder, Quantisers.of(spec))) {
            float[] before = logits(model, IDS);
            model.growVocabulary(AFTER, 8);
            assertThat(Arrays.copyOf(logits(model, IDS), BEFORE)).isEqualTo(Arrays.copyOf(before, BEFORE));
        }
    }

    @ParameterizedTest
    @CsvSource({"lora,false,''", "lora,true,''", "lora,true,embed_tokens", "bone,false,lm_head", "longlora,true,''"})
    void anAdapterBringsTheRowsAlong(String type, boolean tied, String saved) {
        List<String> names = saved.isEmpty() ? List.of() : List.of(saved);
        float[] trained;
        Path adapter = folder.resolve("adapter");
        try (Scope scope = Scope.open();
                DecoderModel model = grown(tied)) {
            Tuner tuner = Tuners.of(Specs.tuner(type, Map.of("targets", Map.of("modulesToSave", names))));
            tuner.attach(model, 1);
            disturb(model);
            trained = logits(model, NEW_IDS);
            tuner.save(model, adapter, "base");
        }
        try (Scope scope = Scope.open();
                SafeTensorsFile file = SafeTensorsFile.open(adapter.resolve(PeftFiles.WEIGHTS));
                DecoderModel model = base("Qwen3ForCausalLM", tied)) {
            assertThat(file.info("base_model.model.model.embed_tokens.weight").sizes()[0])
                    .isEqualTo(AFTER);
            assertThat(file.contains("base_model.model.lm_head.weight")).isEqualTo(!tied || !saved.isEmpty());
            Tuner tuner = Adapters.load(model, adapter, false);
            assertThat(logits(model, NEW_IDS)).isEqualTo(trained);
            tuner.save(model, folder.resolve("again"), "base");
            tuner.merge(model);
            assertThat(logits(model, NEW_IDS)).containsExactly(trained, Offset.offset(1e-4f));
            model.save(folder.resolve("merged"), 1 << 30);
        }
        assertThat(folder.resolve("again/adapter_model.safetensors"))
                .hasSameBinaryContentAs(adapter.resolve(PeftFiles.WEIGHTS));
        assertThat(ModelConfig.read(folder.resolve("merged")).vocabSize()).isEqualTo(AFTER);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder.resolve("merged"))) {
            assertThat(logits(model, NEW_IDS)).containsExactly(trained, Offset.offset(1e-4f));
        }
    }

    @Test
    void anAdapterWithoutRowsLearnsOnInAModelThatGrew() {
        try (Scope scope = Scope.open();
                DecoderModel model = base("Qwen3ForCausalLM", false);
                DecoderModel larger = grown(false)) {
            Tuner tuner = Tuners.of(Specs.tuner("lora", Map.of()));
            tuner.attach(model, 1);
            disturb(model);
            tuner.save(model, folder, "base");
            Adapters.load(larger, folder, true);
            assertThat(Arrays.copyOf(logits(larger, IDS), BEFORE))
                    .containsExactly(Arrays.copyOf(logits(model, IDS), BEFORE), Offset.offset(1e-5f));
        }
    }

    @Test
    void suchAnAdapterIsNoneToSwitch() {
        try (Scope scope = Scope.open();
                DecoderModel model = grown(true);
                DecoderModel base = base("Qwen3ForCausalLM", true);
                AdapterSet set = new AdapterSet(base)) {
            Tuner tuner = Tuners.of(Specs.tuner("lora", Map.of()));
            tuner.attach(model, 1);
            tuner.save(model, folder, "base");
            assertThatThrownBy(() -> set.load("one", folder))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("more of the model than can be switched");
        }
    }

    private static void disturb(DecoderModel model) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .forEach(parameter -> parameter.tensor().add_(Torch.scalar(0.02)));
        }
    }

    private static float[] rows(Parameter parameter, int from, int count) {
        try (Scope scope = Scope.open()) {
            return Torch.toFloats(parameter.tensor().narrow(0, from, count));
        }
    }

    private static float[] logits(DecoderModel model, long[] ids) {
        try (Scope scope = Scope.open()) {
            return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(ids, ids.length), null)));
        }
    }
}
