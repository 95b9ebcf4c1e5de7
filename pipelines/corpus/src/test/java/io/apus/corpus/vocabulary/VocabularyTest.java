package io.apus.corpus.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final String TEXT =
            "The swift flies. The swift sleeps on the wing, doesn't it?\n\n  It's 2026: naïve café, 日本語, 🦜!\tTHE END'LL come   \n";

    @Test
    void wordsAreQwensAndLoseNothing() {
        assertThat(WordCounts.words("I'm here:  12 birds\n\n ok"))
                .containsExactly("I", "'m", " here", ":", " ", " ", "1", "2", " birds", "\n\n", " ok");
        assertThat(String.join("", WordCounts.words(TEXT))).isEqualTo(TEXT);
        assertThat(WordCounts.words("e\u0301")).containsExactly("\u00e9");
    }

    @Test
    void countsOfPartitionsAddUp() {
        Map<String, Long> whole = WordCounts.count(List.of("a b a", "b c").iterator());
        Map<String, Long> parts = WordCounts.merge(
                WordCounts.count(List.of("a b a").iterator()),
                WordCounts.count(List.of("b c").iterator()));
        assertThat(parts).isEqualTo(whole).containsEntry(" b", 1L).containsEntry("b", 1L);
    }

    /** The example of the BPE paper's algorithm, worked by hand: low x5, lower x2, newest x6, widest x3. */
    @Test
    void mergesTheMostFrequentPairFirst() {
        Map<String, Long> counts = Map.of("low", 5L, "lower", 2L, "newest", 6L, "widest", 3L);
        Vocabulary vocabulary = Vocabulary.train(counts, 256 + 6, List.of());
        assertThat(vocabulary.tokens().subList(256, 262)).containsExactly("es", "est", "lo", "low", "ew", "new");
    }

    @Test
    void equalCountsAreDecidedByTheSmallerPair() {
        Vocabulary vocabulary = Vocabulary.train(Map.of("ab", 3L, "cd", 3L, "ac", 3L), 256 + 3, List.of());
        assertThat(vocabulary.tokens().subList(256, 259)).containsExactly("ab", "ac", "cd");
    }

    @Test
    void repeatedLettersAreMergedFromTheLeft() {
        Vocabulary vocabulary = Vocabulary.train(Map.of("aaaaa", 2L), 256 + 9, List.of());
        assertThat(vocabulary.tokens().subList(256, vocabulary.tokens().size())).containsExactly("aa", "aaa", "aaaaa");
    }

    @Test
    void theOrderOfTheCountsDoesNotMatter() {
        Map<String, Long> counts = WordCounts.count(
                List.of(TEXT, TEXT + " more words", "some more").iterator());
        Map<String, Long> sorted = new TreeMap<>(counts);
        Map<String, Long> reversed = new LinkedHashMap<>(new TreeMap<>(counts).descendingMap());
        assertThat(Vocabulary.train(reversed, 330, List.of("<|x|>")))
                .isEqualTo(Vocabulary.train(sorted, 330, List.of("<|x|>")));
    }

    @Test
    void specialTokensComeLast() {
        Vocabulary vocabulary = Vocabulary.train(Map.of("ab", 3L), 300, List.of("<|x|>", "<|y|>"));
        assertThat(vocabulary.size()).isEqualTo(256 + 1 + 2);
        assertThat(vocabulary.specialId("<|y|>")).isEqualTo(258);
        assertThatThrownBy(() -> Vocabulary.train(Map.of(), 256, List.of("<|x|>")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
