package io.apus.corpus.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.corpus.tokenize.ModelLimits;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.NewTokensSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendedModelTest {
    private static final String TEXT = "A swift<|call|> sleeps <|wing|><|im_end|>";

    @TempDir
    Path folder;

    private Path base;
    private Path extended;
    private int size;

    @BeforeEach
    void learn() {
        base = folder.resolve("base");
        extended = folder.resolve("extended");
        CreateModelSpec spec = new CreateModelSpec(null, 300, null, null, null, null, null, null, null, null, null);
        size = CreatedModel.write(
                        base,
                        spec,
                        WordCounts.count(List.of("A swift eats, drinks and sleeps while it flies.")
                                .iterator()))
                .size();
    }

    private static NewTokensSpec tokens(String... tokens) {
        return new NewTokensSpec(List.of(tokens), null);
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(extended.resolve(file).toFile());
    }

    @Test
    void newTokensAreOneIdEachAndComeBack() throws IOException {
        ExtendedModel.write(base, tokens("<|call|>", "<|wing|>"), extended);

        Tokenizer tokenizer = Tokenizers.load(extended);
        int[] ids = tokenizer.ids(TEXT);
        assertThat(ids).contains(size, size + 1);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(TEXT);
        assertThat(tokenizer.decode(ids, true)).isEqualTo("A swift sleeps ");
        assertThat(tokenizer.isSpecial(size + 1)).isTrue();
        try (HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(
                extended.resolve("tokenizer.json"), Map.of("addSpecialTokens", "false"))) {
            assertThat(LongStream.of(library.encode(TEXT).getIds()).mapToInt(Math::toIntExact))
                    .containsExactly(java.util.stream.IntStream.of(ids).boxed().toArray(Integer[]::new));
        }
        ModelLimits.requireEmbeddings(extended, size + 1);
        assertThat(tokenizer.sha256()).isNotEqualTo(Tokenizers.load(base).sha256());
    }

    @Test
    void everyFileThatListsTokensKnowsThem() throws IOException {
        Files.writeString(base.resolve("special_tokens_map.json"), "{\"eos_token\": \"<|im_end|>\"}");
        Files.writeString(base.resolve("added_tokens.json"), "{\"<|im_end|>\": 1}");
        ExtendedModel.write(base, tokens("<|call|>", "<|im_start|>", "<|call|>"), extended);

        assertThat(json("config.json").path("vocab_size").asInt()).isEqualTo(size + 1);
        JsonNode settings = json("tokenizer_config.json");
        assertThat(settings.path("added_tokens_decoder")
                        .path("" + size)
                        .path("content")
                        .asText())
                .isEqualTo("<|call|>");
        assertThat(settings.path("additional_special_tokens"))
                .extracting(JsonNode::asText)
                .containsExactly("<|im_start|>", "<|im_end|>", "<|call|>");
        assertThat(settings.path("chat_template").asText()).contains("im_start");
        assertThat(json("special_tokens_map.json").path("additional_special_tokens"))
                .extracting(JsonNode::asText)
                .containsExactly("<|call|>", "<|im_start|>");
        assertThat(json("added_tokens.json").path("<|call|>").asInt()).isEqualTo(size);
        assertThat(extended.resolve("generation_config.json"))
                .hasSameBinaryContentAs(base.resolve("generation_config.json"));
    }

    @Test
    void wordsOfTheVocabularyBecomeSpecialAndNeedNoRow() throws IOException {
        ExtendedModel.write(base, tokens("A"), extended);
        Tokenizer tokenizer = Tokenizers.load(extended);
        assertThat(tokenizer.ids("A")).isEqualTo(Tokenizers.load(base).ids("A"));
        assertThat(tokenizer.decode(tokenizer.ids("A"), true)).isEmpty();
        assertThat(json("config.json").path("vocab_size").asInt()).isEqualTo(size);
    }

    @Test
    void rowsAreThereAlreadyOrAreRoundedUpWhereAsked() throws IOException {
        Path config = base.resolve("config.json");
        String text = Files.readString(config);
        assertThat(ExtendedModel.vocabSize(base, new NewTokensSpec(List.of("<|call|>"), 128)))
                .isEqualTo(384);
        Files.writeString(config, text.replace("\"vocab_size\" : " + size, "\"vocab_size\" : 310"));
        assertThat(ExtendedModel.vocabSize(base, tokens("<|call|>"))).isEqualTo(310);
    }

    @Test
    void aFolderWithoutAFastTokenizerIsRefused() throws IOException {
        Files.delete(base.resolve("tokenizer.json"));
        assertThatThrownBy(() -> ExtendedModel.vocabSize(base, tokens("<|call|>")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tokenizer.json");
    }
}
