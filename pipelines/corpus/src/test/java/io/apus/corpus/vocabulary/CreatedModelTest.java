package io.apus.corpus.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.CreateModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreatedModelTest {
    private static final List<String> TEXTS = List.of(
            "user\nWho are you?",
            "assistant\nI am Apus, a small assistant named after the swifts.",
            "\n",
            "user\nName three birds.",
            "assistant\nA swift, a swallow and a house martin.",
            "The swift eats, drinks and sleeps while it flies; the swallow doesn't. It's naïve, isn't it?\n\n  日本語 12 + 7 = 19");

    @TempDir
    Path folder;

    private static CreateModelSpec spec(String architecture, int vocabSize) {
        return new CreateModelSpec(architecture, vocabSize, null, null, null, null, null, null, null, null, null);
    }

    private Vocabulary write(Path into) {
        return CreatedModel.write(into, spec(null, 400), WordCounts.count(TEXTS.iterator()));
    }

    private HuggingFaceTokenizer tokenizer() throws IOException {
        return HuggingFaceTokenizer.newInstance(
                folder.resolve("tokenizer.json"), Map.of("addSpecialTokens", "false", "truncation", "false"));
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    @Test
    void theTokenizerSplitsTextAsItWasTrained() throws IOException {
        Vocabulary vocabulary = write(folder);
        try (HuggingFaceTokenizer tokenizer = tokenizer()) {
            for (String text : TEXTS) {
                List<Long> expected = new ArrayList<>();
                for (String word : WordCounts.words(text)) {
                    merged(vocabulary, word).forEach(id -> expected.add((long) id));
                }
                assertThat(tokenizer.encode(text).getIds()).as(text).containsExactly(expected.toArray(Long[]::new));
            }
        }
    }

    /** Applies the merges one after the other, in the order in which they were learnt. */
    private static List<Integer> merged(Vocabulary vocabulary, String word) {
        List<Integer> ids = new ArrayList<>();
        for (int symbol : ByteAlphabet.symbols(word)) {
            ids.add(symbol);
        }
        for (int merge = 0; merge < vocabulary.merges().size(); merge++) {
            for (int i = 0; i + 1 < ids.size(); i++) {
                if (vocabulary.merges().get(merge).equals(new Vocabulary.Merge(ids.get(i), ids.get(i + 1)))) {
                    ids.set(i, 256 + merge);
                    ids.remove(i + 1);
                }
            }
        }
        return ids;
    }

    @Test
    void everyTokenHasTheIdOfTheVocabulary() throws IOException {
        Vocabulary vocabulary = write(folder);
        JsonNode vocab = json("tokenizer.json").get("model").get("vocab");
        assertThat(vocab).hasSize(vocabulary.tokens().size());
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            assertThat(vocab.get(vocabulary.tokens().get(id)).intValue()).isEqualTo(id);
        }
    }

    @Test
    void textComesBackAndSpecialTokensAreOneIdEach() throws IOException {
        Vocabulary vocabulary = write(folder);
        try (HuggingFaceTokenizer tokenizer = tokenizer()) {
            String text = "<|im_start|>user\nÜber 🦜 \u0000 unseen\twords?<|im_end|>\n<|endoftext|>";
            long[] ids = tokenizer.encode(text).getIds();
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            assertThat(ids[0]).isEqualTo(vocabulary.specialId("<|im_start|>"));
            assertThat(ids[ids.length - 1]).isEqualTo(vocabulary.specialId("<|endoftext|>"));
        }
    }

    @Test
    void theFilesAgreeWithEachOther() throws IOException {
        Vocabulary vocabulary = write(folder);
        JsonNode config = json("config.json");
        assertThat(config.get("vocab_size").intValue()).isEqualTo(vocabulary.size());
        assertThat(config.get("model_type").textValue()).isEqualTo("qwen3");
        assertThat(config.get("head_dim").intValue()).isEqualTo(32);
        assertThat(config.get("eos_token_id").intValue()).isEqualTo(vocabulary.specialId("<|im_end|>"));
        JsonNode generation = json("generation_config.json");
        assertThat(generation.get("eos_token_id").toString())
                .isEqualTo(
                        "[" + vocabulary.specialId("<|im_end|>") + "," + vocabulary.specialId("<|endoftext|>") + "]");
        JsonNode tokenizer = json("tokenizer_config.json");
        assertThat(tokenizer.get("model_max_length").intValue()).isEqualTo(1024);
        assertThat(tokenizer.get("eos_token").textValue()).isEqualTo("<|im_end|>");
    }

    @Test
    void equalCountsGiveEqualBytes() throws IOException {
        write(folder.resolve("a"));
        Map<String, Long> counts = WordCounts.count(TEXTS.iterator());
        List<String> words = new ArrayList<>(counts.keySet());
        Collections.reverse(words);
        Map<String, Long> reversed = new LinkedHashMap<>();
        words.forEach(word -> reversed.put(word, counts.get(word)));
        CreatedModel.write(folder.resolve("b"), spec(null, 400), reversed);
        for (String file :
                List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
        }
        assertThat(folder.resolve("a").toFile().list()).hasSize(4);
    }

    @Test
    void anUnknownArchitectureIsTheUsersMistake() {
        assertThatThrownBy(() -> CreatedModel.write(folder, spec("Qwen4ForCausalLM", 400), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Qwen3ForCausalLM");
    }
}
