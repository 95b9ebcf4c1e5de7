package io.apus.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What llama.cpp is told of a Llama 2 or Mistral vocabulary; that it then splits text alike was checked with llama.cpp itself. */
class SentencePieceVocabularyTest {
    private static final List<String> TOKENS =
            List.of("<unk>", "<s>", "</s>", "<0x0A>", "\u2581", "t", "h", "e", "th", "\u2581th", "\u2581the", "he");
    private static final List<String> MERGES = List.of("t h", "h e", "\u2581 th", "\u2581th e");

    @Test
    void scoresRankTheTokensAsTheMergesDo() {
        Map<String, Object> metadata = metadata(tokenizer(MERGES), true);
        assertThat(metadata)
                .containsEntry("tokenizer.ggml.model", "llama")
                .containsEntry("tokenizer.ggml.pre", "default");
        assertThat(metadata.get("tokenizer.ggml.tokens"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(14)
                .startsWith("<unk>", "<s>");
        assertThat(metadata.get("tokenizer.ggml.token_type"))
                .isEqualTo(List.of(2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5));
        assertThat(metadata.get("tokenizer.ggml.scores"))
                .isEqualTo(List.of(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, -2f, -3f, -1f, 0f, 0f));
    }

    @Test
    void mergesThatRanksOfTokensCannotExpressAreRefused() {
        assertThatThrownBy(() -> metadata(tokenizer(List.of("t h", "\u2581 th", "h e")), true))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("\"\u2581th\" and \"e\" are tokens without a merge");
        List<String> torn = List.of("t h", "h e", "\u2581 th", "\u2581th e", "th e", "\u2581 the");
        assertThatThrownBy(() -> metadata(tokenizer(torn), true))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("other merges stand between two that make \"\u2581the\"");
    }

    @Test
    void aSpaceStandsBeforeTheTextWhereTheTokenizerPutsOne() {
        ObjectNode legacy = tokenizer(MERGES);
        legacy.putObject("normalizer").putArray("normalizers").addObject().put("type", "Prepend");
        assertThat(spacePrefix(legacy, true)).isTrue();
        assertThat(spacePrefix(tokenizer(MERGES), true)).isFalse();
        assertThat(spacePrefix(metaspace("always"), true)).isTrue();
        assertThat(spacePrefix(metaspace("first"), true)).isFalse();
        assertThat(spacePrefix(metaspace("first"), false)).isTrue();
    }

    private static boolean spacePrefix(ObjectNode tokenizer, boolean chats) {
        return (Boolean) metadata(tokenizer, chats).get("tokenizer.ggml.add_space_prefix");
    }

    private static ObjectNode metaspace(String scheme) {
        ObjectNode tokenizer = tokenizer(MERGES);
        tokenizer.putObject("pre_tokenizer").put("type", "Metaspace").put("prepend_scheme", scheme);
        return tokenizer;
    }

    private static Map<String, Object> metadata(ObjectNode tokenizer, boolean chats) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        SentencePieceVocabulary.put(tokenizer, chats, TOKENS.size() + 2, metadata);
        return metadata;
    }

    private static ObjectNode tokenizer(List<String> merges) {
        ObjectNode tokenizer = new ObjectMapper().createObjectNode();
        ObjectNode model =
                tokenizer.putObject("model").put("unk_token", "<unk>").put("byte_fallback", true);
        ObjectNode vocab = model.putObject("vocab");
        TOKENS.forEach(token -> vocab.put(token, vocab.size()));
        ArrayNode list = model.putArray("merges");
        merges.forEach(list::add);
        ArrayNode added = tokenizer.putArray("added_tokens");
        for (int id = 0; id < 3; id++) {
            added.addObject().put("id", id).put("content", TOKENS.get(id)).put("special", true);
        }
        return tokenizer;
    }
}
