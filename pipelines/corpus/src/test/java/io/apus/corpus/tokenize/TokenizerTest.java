package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    @TempDir
    Path folder;

    @Test
    void encodesAndDecodesWithItsSpecialTokens() throws IOException {
        Tokenizer tokenizer = Tokenizers.load(SmallModel.write(folder, null));
        int[] ids = tokenizer.ids("<|im_start|>hello.\n\n");
        assertThat(ids).containsExactly(264, 259, 260, 10);
        assertThat(tokenizer.decode(ids, false)).isEqualTo("<|im_start|>hello.\n\n");
        assertThat(tokenizer.decode(ids, true)).isEqualTo("hello.\n\n");
        assertThat(tokenizer.vocabSize()).isEqualTo(266);
        assertThat(tokenizer.addedToken("<|im_end|>")).hasValue(265);
        assertThat(tokenizer.addedToken("hello")).isEmpty();
        assertThat(tokenizer.isSpecial(265)).isTrue();
        assertThat(tokenizer.isSpecial(259)).isFalse();
        assertThat(tokenizer.sha256()).hasSize(64);
        assertThat(tokenizer.prefixIds()).isEmpty();
    }

    @Test
    void loadsAFileOnceAndAgainWhenItChanges() throws IOException {
        Path first = Files.createDirectory(folder.resolve("a"));
        Path second = Files.createDirectory(folder.resolve("b"));
        Tokenizer tokenizer = Tokenizers.load(SmallModel.write(first, null));
        assertThat(Tokenizers.load(first)).isSameAs(tokenizer);
        assertThat(Tokenizers.load(SmallModel.write(second, null))).isSameAs(tokenizer);
        Tokenizer changed = Tokenizers.load(SmallModel.write(first, null, "<|endoftext|>"));
        assertThat(changed.sha256()).isNotEqualTo(tokenizer.sha256());
        assertThat(changed.prefixIds()).containsExactly(263);
    }

    @Test
    void refusesAbsentAndBrokenFiles() throws IOException {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it has no tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 1");
        assertThatThrownBy(() -> Tokenizers.load(folder)).isInstanceOf(UserError.class);
        String numbered = Files.readString(SmallModel.write(folder, null).resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer.json"), numbered.replace("\"id\":265", "\"id\":300"));
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("<|im_end|>");
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 999999999}, \"merges\": []}}");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("999999999");
    }

    @Test
    void offsetsCountUtf16WhateverTheScript() throws IOException {
        Tokenizer tokenizer = Tokenizers.load(SmallModel.write(folder, null));
        String text = "a😀<|im_end|>日hello";
        Encoded encoded = tokenizer.encode(text);
        assertThat(encoded.ids()).isEqualTo(tokenizer.ids(text));
        assertThat(encoded.starts()).containsExactly(0, 1, 1, 1, 1, 3, 13, 13, 13, 14);
        assertThat(encoded.ends()).containsExactly(1, 3, 3, 3, 3, 13, 14, 14, 14, 19);
        assertThat(encoded.firstTokenBehind(13)).isEqualTo(6);
    }

    @Test
    void halvesOfSurrogatePairsKeepAllPositions() throws IOException {
        Tokenizer tokenizer = Tokenizers.load(SmallModel.write(folder, null));
        Encoded encoded = tokenizer.encode("x\ud800hello");
        assertThat(encoded.starts()[encoded.length() - 1]).isEqualTo(2);
        assertThat(encoded.ends()[encoded.length() - 1]).isEqualTo(7);
    }

    @Test
    void matchesTheRealVocabularysSpotChecks() {
        Tokenizer tokenizer = Tokenizers.load(SharedReference.path("tokenizers/qwen3"));
        assertThat(tokenizer.ids(" Hello World!")).containsExactly(21927, 4337, 0);
        assertThat(tokenizer.ids("нещо на Български"))
                .containsExactly(78762, 14144, 1456, 13073, 63471, 33594, 3038, 133178, 79012);
        assertThat(tokenizer.ids("\n\n\n")).containsExactly(1406);
        assertThat(tokenizer.ids("ied 4 ½ months")).containsExactly(1122, 220, 19, 220, 26062, 3951);
        assertThat(tokenizer.vocabSize()).isEqualTo(151_669);
        assertThat(tokenizer.addedToken("<|im_end|>")).hasValue(151_645);
    }

    /** Our fast offsets against the library's own, on text of every script and on text that the tokenizer normalises. */
    @Test
    void fastOffsetsAreTheLibrarysOwn() throws IOException {
        Path model = SharedReference.path("tokenizers/qwen3");
        Tokenizer tokenizer = Tokenizers.load(model);
        String[] parts = {
            "a",
            " the",
            "\n",
            "  ",
            "é",
            "e\u0301",
            "日本",
            "😀",
            "👩‍👩‍👧",
            "ﬁ",
            "\u212b",
            "Я",
            "ो",
            "<|im_end|>",
            "<think>",
            "한",
            "\u1112\u1161"
        };
        Random random = new Random(3);
        try (var library = ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                model.resolve("tokenizer.json"), Map.of("truncation", "false"))) {
            for (int i = 0; i < 300; i++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(30); k >= 0; k--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                same(tokenizer.encode(text.toString()), library.encode(text.toString(), false, false), text.toString());
            }
        }
    }

    private static void same(Encoded found, Encoding expected, String text) {
        assertThat(found.ids()).hasSize(expected.getIds().length);
        for (int i = 0; i < found.length(); i++) {
            CharSpan span = expected.getCharTokenSpans()[i];
            assertThat(found.ids()[i]).isEqualTo((int) expected.getIds()[i]);
            assertThat(List.of(found.starts()[i], found.ends()[i]))
                    .as("token %d of %s", i, text)
                    .containsExactly(
                            text.offsetByCodePoints(0, span.getStart()), text.offsetByCodePoints(0, span.getEnd()));
        }
    }
}
