package io.apus.corpus.filter;

import static io.apus.corpus.filter.TestFilters.detail;
import static io.apus.corpus.filter.TestFilters.reason;
import static io.apus.corpus.filter.TestFilters.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFiltersTest {
    /** Seventy-odd words of prose with little repetition. */
    private static final String PROSE =
            "The swift spends most of its life in the air and comes to land only to breed. It sleeps, drinks and gathers"
                    + " food on the wing, and young birds that leave their nest may not touch anything solid for two or"
                    + " three years. In autumn they travel from northern Europe to the rivers of central Africa, a journey"
                    + " that takes them about a month. People have long wondered how such small creatures find their way"
                    + " back to the same roof every spring.";

    @TempDir
    Path folder;

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    }

    @Test
    void gopherQualityKeepsProseAndSaysWhatOtherTextLacks() {
        RowFilters filters = TestFilters.of(FilterRule.named("gopher_quality"));

        assertThat(reason(filters, text(PROSE))).isEqualTo("kept");
        assertThat(reason(filters, Conversation.of("user", "Hi", "assistant", "Hello")))
                .isEqualTo("kept");
        assertThat(detail(filters, text("Too short."))).isEqualTo("2 words, not 50 to 100000");
        assertThat(detail(filters, text(words(60)))).isEqualTo("0 common English words, fewer than 2");
        assertThat(detail(filters, text("a ".repeat(60)))).startsWith("words of 1.00 characters on average");
        assertThat(detail(filters, text(PROSE + " #####".repeat(2))))
                .startsWith("0.1")
                .contains("hash signs by word");
        assertThat(detail(filters, text(PROSE + " wait...".repeat(30)))).contains("ellipses by word");
        assertThat(detail(filters, text(PROSE + " 1234".repeat(40)))).contains("of the words have a letter, below 0.8");
        assertThat(detail(filters, text("- " + PROSE.replace(" ", " ").replace(". ", ".\n- "))))
                .isEqualTo("1.000 of the lines begin with a bullet, above 0.9");
        assertThat(detail(filters, text(PROSE.replace(". ", " ...\n") + "\n" + PROSE)))
                .contains("of the lines end with an ellipsis");
        assertThat(reason(
                        TestFilters.of(FilterRule.named("gopher_quality").with("text", "assistant")),
                        Conversation.of("user", PROSE, "assistant", "Short.")))
                .isEqualTo("gopher_quality");
    }

    @Test
    void gopherRepetitionMeasuresWhatOccursAgain() {
        RowFilters filters = TestFilters.of(FilterRule.named("gopher_repetition"));

        assertThat(reason(filters, text(PROSE))).isEqualTo("kept");
        assertThat(reason(filters, text("Paris."))).isEqualTo("kept");
        assertThat(detail(filters, text("a line\nb line\na line\na line")))
                .isEqualTo("0.500 of the lines are repetitions, above 0.3");
        assertThat(detail(filters, text(PROSE + "\n" + words(9) + "\nshort\n" + PROSE)))
                .contains("of the characters are in repeated lines");
        assertThat(detail(filters, text("buy now " + words(10) + " buy now " + words(3) + " buy now buy now")))
                .contains("in the most frequent 2-gram");
        String sentence = "one two three four five six seven eight nine ten eleven twelve";
        assertThat(detail(filters, text(sentence + " " + words(25) + " " + sentence)))
                .contains("of the characters are in repeated 5-grams");
        assertThat(reason(
                        TestFilters.of(FilterRule.named("gopher_repetition").with("duplicate_lines", "0.9")),
                        text("a b\nc d\ne f\na b")))
                .isEqualTo("gopher_repetition");
    }

    @Test
    void c4DropsLinesAndRefusesWhatIsNoPage() {
        RowFilters filters = TestFilters.of(FilterRule.named("c4"));
        String page =
                "Home\nSwifts live in the air.[1] They sleep there too! Nobody knows how?\nPlease enable JavaScript to"
                        + " read this page.\nWe ask you to read our privacy policy first.";

        RowFilters.Judged judged = filters.judge(text(page));

        assertThat(judged.sample().messages().get(0).content())
                .isEqualTo("Swifts live in the air. They sleep there too! Nobody knows how?");
        assertThat(judged.edits()).isEqualTo(Map.of("c4_line", 3L, "c4_citation", 1L));
        assertThat(detail(filters, text("Only one good sentence is here."))).isEqualTo("1 sentences, fewer than 3");
        assertThat(detail(filters, text(PROSE + " {x}"))).isEqualTo("has a curly bracket");
        assertThat(detail(filters, text("Lorem Ipsum dolor. " + PROSE))).contains("lorem ipsum");
        assertThat(filters.judge(text(PROSE)).edits()).isEmpty();
        RowFilters judging = TestFilters.of(FilterRule.named("c4").with("drop_lines", "false"));
        assertThat(judging.judge(text(page)).sample()).isEqualTo(text(page));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kept | How do swifts find their way back to the same roof every spring?",
                "kept | Wie finden Mauersegler jedes Jahr zum selben Dach zur\u00fcck?",
                "language | Comment les martinets retrouvent-ils le m\u00eame toit chaque printemps ?",
                "language | \u96e8\u71d5\u6bcf\u5e74\u6625\u5929\u600e\u6837\u627e\u5230\u540c\u4e00\u4e2a\u5c4b\u9876\uff0c\u8fd9\u4ecd\u7136\u662f\u4e00\u4e2a\u8c1c\u3002\u5b83\u4eec\u4f1a\u98de\u3002",
                "kept | 2 + 2 = 4",
            })
    void languagesAreToldApart(String expected, String content) {
        RowFilters filters = TestFilters.of(FilterRule.named("language").with("keep", "en", "de"));
        assertThat(reason(filters, text(content))).isEqualTo(expected);
    }

    @Test
    void aLanguageMustBeAheadOfTheNextWhereThatIsAsked() {
        Sample sample = text("Wie finden Mauersegler jedes Jahr zum selben Dach zur\u00fcck?");
        RowFilters strict =
                TestFilters.of(FilterRule.named("language").with("keep", "de").with("min_distance", "0.99"));
        assertThat(detail(strict, sample)).startsWith("reads as de, but only 0.");
    }

    @Test
    void blocklistsFindWordsPhrasesExpressionsAddressesAndDomains() throws IOException {
        String words = list("words.txt", "# a comment", "", "badword", "call   me maybe");
        String regexes = list("regexes.txt", "secret-\\d{3}");
        String urls = list("urls.txt", "https://example.org/private/");
        String domains = list("domains.txt", "evil.example");
        RowFilters filters = TestFilters.of(FilterRule.named("blocklist")
                .with("words", words)
                .with("regexes", regexes)
                .with("urls", urls)
                .with("domains", domains));

        assertThat(detail(filters, text("This BadWord, here."))).isEqualTo("has \"BadWord\" (line 3 of words.txt)");
        assertThat(reason(filters, text("not badwords or abadword"))).isEqualTo("kept");
        assertThat(detail(filters, text("So call me,\nmaybe?")))
                .isEqualTo("has \"call me, maybe\" (line 4 of words.txt)");
        assertThat(detail(filters, text("my secret-123"))).isEqualTo("has \"secret-123\" (line 1 of regexes.txt)");
        assertThat(detail(filters, text("see http://sub.EVIL.example/x")))
                .isEqualTo("has \"http://sub.EVIL.example/x\" (line 1 of domains.txt)");
        assertThat(reason(filters, text("see http://notevil.example/x"))).isEqualTo("kept");
        assertThat(detail(filters, text("see www.example.org/private/a/b now"))).contains("line 1 of urls.txt");
        assertThat(reason(filters, text("see https://example.org/public"))).isEqualTo("kept");
        assertThat(reason(filters, Conversation.of("user", "a badword", "assistant", "no")))
                .isEqualTo("blocklist");
        assertThatThrownBy(() -> TestFilters.of(FilterRule.named("blocklist").with("words", "none.txt")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no such file");
        String broken = list("broken.txt", "a(b");
        assertThatThrownBy(() -> TestFilters.of(FilterRule.named("blocklist").with("regexes", broken)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 1 of broken.txt is no regular expression");
    }

    @Test
    void lengthCountsWordsOfEveryScript() {
        RowFilters filters =
                TestFilters.of(FilterRule.named("length").with("min_words", "3").with("max_words", "4"));
        assertThat(detail(filters, text("one, two"))).isEqualTo("2 words, fewer than 3");
        assertThat(reason(filters, text("it's three"))).isEqualTo("kept");
        assertThat(reason(filters, text("\u96e8\u71d5\u98de"))).isEqualTo("kept");
        assertThat(reason(filters, text("a b c d e"))).isEqualTo("length");
    }

    private String list(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, String.join("\n", lines) + "\n");
        return file.toString();
    }
}
