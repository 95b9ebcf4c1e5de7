package io.apus.eval.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExactMatchTest {
    @Test
    void whiteSpaceDoesNotCount() {
        assertThat(ExactMatch.matches("  The  capital\nis\tParis. ", "The capital is Paris."))
                .isTrue();
        assertThat(ExactMatch.matches("a\u00a0b\u3000c", "a b c")).isTrue();
    }

    @Test
    void casePunctuationAndInnerBoundariesCount() {
        assertThat(ExactMatch.matches("paris", "Paris")).isFalse();
        assertThat(ExactMatch.matches("Paris.", "Paris")).isFalse();
        assertThat(ExactMatch.matches("Par is", "Paris")).isFalse();
        assertThat(ExactMatch.matches("", " ")).isTrue();
    }

    @Test
    void thePatternsLastMatchIsCompared() {
        Optional<Pattern> pattern = Optional.of(Pattern.compile("#### (.+)"));
        assertThat(ExactMatch.extract("5 + 5 = 10\n#### 9\nno:\n#### 10", pattern))
                .isEqualTo("10");
        assertThat(ExactMatch.extract("no number", pattern)).isEqualTo("no number");
        assertThat(ExactMatch.extract("it is 7 or 8", Optional.of(Pattern.compile("[0-9]+"))))
                .isEqualTo("8");
    }
}
