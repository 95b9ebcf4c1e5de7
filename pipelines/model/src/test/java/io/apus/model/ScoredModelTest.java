package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoredModelTest {
    private static final int PAD = 2;

    @TempDir
    Path folder;

    private Path causal;
    private Path saved;

    @BeforeEach
    void causal() {
        causal = folder.resolve("causal");
        saved = folder.resolve("saved");
        ModelConfig config = TinyModels.config("LlamaForCausalLM", Map.of("pad_token_id", PAD));
        try (DecoderModel model = DecoderModel.random(config, 5)) {
            model.save(causal, 1L << 30);
        }
    }

    /** logits = score(hidden[last token that is no padding]), as transformers defines it. */
    @Test
    void aClassifierScoresTheLastTokenThatIsNoPadding() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                ScoredModel model = ScoredModel.classifier(causal, 3, null, 7);
                DecoderModel plain = DecoderModel.load(causal)) {
            TokenBatch batch = TokenBatch.of(new long[] {4, 8, 9, 11, 12, PAD, PAD}, 3, 4);
            float[] hidden = Torch.toFloats(plain.hidden(batch, null));
            float[] weight = Torch.toFloats(model.head().weight().tensor());
            float[] scores = Torch.toFloats(model.scores(batch));
            assertThat(scores).hasSize(6);
            int[] last = {2, 4};
            for (int sample = 0; sample < 2; sample++) {
                for (int label = 0; label < 3; label++) {
                    double expected = 0;
                    for (int i = 0; i < 16; i++) {
                        expected += (double) hidden[last[sample] * 16 + i] * weight[label * 16 + i];
                    }
                    assertThat((double) scores[3 * sample + label]).isCloseTo(expected, Offset.offset(1e-5));
                }
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 30, 3000})
    void aClassifierIsSavedAsTransformersHasIt(long shardBytes) throws IOException {
        try (Scope outer = Scope.open();
                ScoredModel model = ScoredModel.classifier(causal, 3, "multi_label_classification", 7)) {
            TokenBatch batch = TokenBatch.of(new long[] {4, 8, 9, 11, 12}, 2, 3);
            model.save(saved, shardBytes, DType.F32);
            try (ScoredModel loaded = ScoredModel.load(saved)) {
                assertThat(loaded.parameters().keySet())
                        .isEqualTo(model.parameters().keySet())
                        .contains("score.weight")
                        .doesNotContain("lm_head.weight");
                assertThat(Torch.toFloats(loaded.scores(batch))).isEqualTo(Torch.toFloats(model.scores(batch)));
                assertThat(loaded.problemType()).isEqualTo("multi_label_classification");
            }
        }
        JsonNode config = json(saved);
        assertThat(config.at("/architectures/0").asText()).isEqualTo("LlamaForSequenceClassification");
        assertThat(config.at("/id2label/2").asText()).isEqualTo("LABEL_2");
        assertThat(config.at("/label2id/LABEL_2").asInt()).isEqualTo(2);
        assertThat(config.at("/tie_word_embeddings").asBoolean()).isFalse();
        if (shardBytes == 1L << 30) {
            try (SafeTensorsFile file = SafeTensorsFile.open(saved.resolve("model.safetensors"))) {
                assertThat(file.names()).contains("score.weight").doesNotContain("lm_head.weight");
                assertThat(file.info("score.weight").sizes()).containsExactly(3, 16);
            }
        }
    }

    @Test
    void aValueHeadStandsBesideTheOutputHead() throws IOException {
        try (Scope scope = Scope.open();
                ScoredModel model = ScoredModel.valued(causal, 7)) {
            TokenBatch batch = TokenBatch.of(new long[] {4, 8, 9, 11, 12}, 2, 3);
            model.head().bias().orElseThrow().tensor().fill_(Torch.scalar(3));
            model.save(saved, 1L << 30, DType.F32);
            try (ScoredModel loaded = ScoredModel.load(saved)) {
                float[] values = Torch.toFloats(loaded.scores(batch));
                assertThat(values).hasSize(5).isEqualTo(Torch.toFloats(model.scores(batch)));
                assertThat(loaded.parameters())
                        .containsKeys("lm_head.weight", "v_head.summary.weight", "v_head.summary.bias");
            }
        }
        assertThat(json(saved).at("/architectures/0").asText()).isEqualTo("LlamaForCausalLM");
        assertThatThrownBy(() -> ScoredModel.load(causal))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("v_head.summary.weight is missing");
    }

    @Test
    void transformersLeavesOutTwoLabelsAndDecidesTheProblemByTheirNumber() throws IOException {
        try (ScoredModel model = ScoredModel.classifier(causal, 2, null, 7)) {
            model.save(saved, 1L << 30, DType.F32);
        }
        String config = Files.readString(saved.resolve("config.json"));
        Files.writeString(
                saved.resolve("config.json"),
                config.replace("id2label", "unused").replace("label2id", "too"));
        try (ScoredModel model = ScoredModel.load(saved)) {
            assertThat(model.head().weight().shape()).containsExactly(2, 16);
            assertThat(model.problemType()).isEqualTo("single_label_classification");
        }
        Files.writeString(
                saved.resolve("config.json"),
                config.replace("id2label", "unused").replace("label2id", "num_labels"));
        try (ScoredModel model = ScoredModel.classifier(causal, 1, null, 7)) {
            assertThat(model.problemType()).isEqualTo("regression");
        }
    }

    @Test
    void whatDoesNotFitNamesTheKeyToLookAt() throws IOException {
        try (ScoredModel model = ScoredModel.classifier(causal, 3, null, 7)) {
            model.save(saved, 1L << 30, DType.F32);
        }
        Path file = saved.resolve("config.json");
        String config = Files.readString(file);
        Files.writeString(file, config.replace("\"2\" : \"LABEL_2\"", "\"2\" : \"LABEL_2\", \"3\" : \"more\""));
        assertThatThrownBy(() -> ScoredModel.load(saved))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "score.weight has shape [3, 16]", "needs [4, 16]", "Check architectures and id2label");
        Files.writeString(file, config.replace("LlamaFor", "LlamFor"));
        assertThatThrownBy(() -> ScoredModel.load(saved))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("The nearest family is Llama");
    }

    private static JsonNode json(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("config.json").toFile());
    }
}
