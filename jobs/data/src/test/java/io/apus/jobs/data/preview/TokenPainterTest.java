package io.apus.jobs.data.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.tokenize.TokenText;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenPainterTest {
    private static final List<TokenText> TOKENS = List.of(
            new TokenText("user", 0, 1),
            new TokenText("\n", 0, 1),
            new TokenText("Grüße", 1, 2),
            new TokenText("\u001b[2J", 1, 1),
            new TokenText("f(x)", 2, 1),
            new TokenText("!", 0.5f, 1));

    @Test
    void plainLinesGroupTokensOfOneWeight() {
        assertThat(new TokenPainter(false).lines(TOKENS))
                .containsExactly(
                        "     0  user·⏎",
                        "     1  Grüße·\ufffd[2J",
                        "     2  f(x)",
                        "  0.50  !",
                        "7 tokens, 5 trained on, weights add up to 5.50");
        assertThat(new TokenPainter(false).legend()).isEmpty();
    }

    @Test
    void coloursTellTheWeightsApartAndKeepTheLines() {
        List<String> lines = new TokenPainter(true).lines(TOKENS);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("\u001b[38;5;245muser\u001b[0m\u001b[38;5;250m⏎\u001b[0m");
        assertThat(lines.get(1)).contains("\u001b[38;5;28mGrüße", "\u001b[1;38;5;130mf(x)", "\u001b[38;5;37m!");
        assertThat(lines.get(1)).doesNotContain("\u001b[2J");
        assertThat(new TokenPainter(true).legend()).contains("given", "below 1", "above 1");
    }
}
