package io.apus.corpus.tokenize.bpe.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplittersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS = 1500;

    /** The patterns of GPT-2, Llama 3, Qwen, GPT-4o, Tekken, DeepSeek V3 and Bloom, and what else the syntax has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[一-龥\u3040-ゟ゠-ヿ]+",
                "\\s?\\p{P}+",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "(?:\\p{Lu}|\\p{^L}\\p{Mn})[^a-c\\d]?(?=\\S)|\\P{N}{2}|a{2,}b{0,3}"
            })
    void cutsWhereTheLibraryDoes(String regex) {
        same(split(regex, "Isolated", false), regex.hashCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Isolated", "Removed", "Contiguous"})
    void treatsMatchesAsTheLibraryDoes(String behavior) {
        same(split("\\p{L}\\p{M}?", behavior, false), 1);
        same(
                "{\"type\": \"Split\", \"pattern\": {\"String\": \".\"}, \"behavior\": \"%s\", \"invert\": false}"
                        .formatted(behavior),
                2);
        if (!behavior.equals("Contiguous")) {
            same(split("\\p{L}+", behavior, true), 3);
        }
    }

    @Test
    void followsTheLibraryThroughSequencesAndDigits() {
        same("{\"type\": \"Digits\", \"individual_digits\": true}", 4);
        same("{\"type\": \"Digits\", \"individual_digits\": false}", 5);
        same(
                "{\"type\": \"Sequence\", \"pretokenizers\": [%s, %s, %s]}"
                        .formatted(
                                split("\\p{N}{1,3}", "Isolated", false),
                                split("[一-龥]+", "Isolated", false),
                                split("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+", "Isolated", false)),
                6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\w+",
                "(?<!a)b",
                "a.b",
                "(ab)+",
                "a*?",
                "a*",
                "(?i:ss)",
                "(?i:straße)",
                "\\p{Han}+",
                "[[:alpha:]]",
                "[a&&b]",
                "a{2}+",
                "(a",
                "a)",
                "\\1",
                "^a",
                "\\s++$",
                "(?>a)",
                "\\p",
                "[a",
                "\\u0041",
                ""
            })
    void refusesWhatItDoesNotKnow(String regex) {
        assertThatThrownBy(() -> splitter(split(regex, "Isolated", false))).isInstanceOf(NotSupported.class);
    }

    @Test
    void refusesPatternsThatAreDeepOrLong() {
        for (String regex : List.of("(".repeat(100_000), "[".repeat(100_000), "(a)?".repeat(100) + "b")) {
            assertThatThrownBy(() -> splitter(split(regex, "Isolated", false)))
                    .isInstanceOf(NotSupported.class)
                    .hasMessageContaining("32 groups");
        }
    }

    @Test
    void refusesOtherSteps() {
        for (String steps : List.of(
                "null",
                "{\"type\": \"Metaspace\"}",
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"a\"}, \"behavior\": \"MergedWithNext\"}",
                "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"ByteLevel\"}, {\"type\": \"Digits\"}]}")) {
            assertThatThrownBy(() -> Splitters.read(JSON.readTree(steps))).isInstanceOf(NotSupported.class);
        }
    }

    private static String split(String regex, String behavior, boolean isInverted) {
        return JSON.createObjectNode()
                .put("type", "Split")
                .put("behavior", behavior)
                .put("invert", isInverted)
                .set("pattern", JSON.createObjectNode().put("Regex", regex))
                .toString();
    }

    private static Splitter splitter(String preTokenizer) throws NotSupported {
        try {
            return Splitters.read(JSON.readTree(
                            "{\"type\": \"Sequence\", \"pretokenizers\": [%s, {\"type\": \"ByteLevel\", \"use_regex\": false}]}"
                                    .formatted(preTokenizer)))
                    .splitter();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void same(String preTokenizer, long seed) {
        RandomTexts texts = new RandomTexts(seed, List.of());
        List<String> all = new ArrayList<>(RandomTexts.scripts());
        for (int i = 0; i < TEXTS; i++) {
            all.add(texts.next());
        }
        try (LibraryPieces library = new LibraryPieces(preTokenizer)) {
            Splitter splitter = splitter(preTokenizer);
            for (String text : all) {
                List<List<Integer>> pieces = new ArrayList<>();
                splitter.split(
                        text.toCharArray(), 0, text.length(), (chars, start, end) -> pieces.add(List.of(start, end)));
                assertThat(pieces).as(text).isEqualTo(library.of(text));
            }
        } catch (NotSupported e) {
            throw new AssertionError(e);
        }
    }
}
