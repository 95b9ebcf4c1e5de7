package io.apus.corpus.filter.text;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The quality rules of MassiveText (Rae et al. 2021, "Scaling Language Models: Methods, Analysis and Insights from Training Gopher",
 * appendix A.1.1), with the paper's thresholds. Words are what white space separates. They suit documents; {@code min_stop_words} is
 * for English.
 */
public record GopherQualityFilter(
        int minWords,
        int maxWords,
        double minWordLength,
        double maxWordLength,
        double maxSymbols,
        double maxBullets,
        double maxEllipses,
        double minAlphabetic,
        int minStopWords,
        TextOf text)
        implements SampleFilter {
    private static final Set<String> STOP_WORDS = Set.of("the", "be", "to", "of", "and", "that", "have", "with");
    private static final String BULLETS = "-*\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u2013";

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        return new GopherQualityFilter(
                options.integer("min_words", 50, "fewest words"),
                options.integer("max_words", 100_000, "most words"),
                options.number("min_word_length", 3, "least mean length of a word in characters"),
                options.number("max_word_length", 10, "largest mean length of a word"),
                options.number("max_symbols", 0.1, "most hash signs by word, and most ellipses by word"),
                options.share("max_bullets", 0.9, "largest share of lines that begin with a bullet"),
                options.share("max_ellipses", 0.3, "largest share of lines that end with an ellipsis"),
                options.share("min_alphabetic", 0.8, "least share of words with a letter in them"),
                options.integer(
                        "min_stop_words", 2, "fewest of the words the, be, to, of, and, that, have, with in the text"),
                TextOf.read(options, TextOf.PLAIN_TEXT));
    }

    @Override
    public String reason() {
        return "gopher_quality";
    }

    @Override
    public Verdict judge(Sample sample) {
        return text.of(sample).map(this::judge).orElse(Verdict.KEEP);
    }

    private Verdict judge(String document) {
        List<String> words = Arrays.stream(document.split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.size() < minWords || words.size() > maxWords) {
            return Verdict.refuse(words.size() + " words, not " + minWords + " to " + maxWords);
        }
        String wrong = wrongWordsOrNull(document, words);
        wrong = wrong == null ? wrongLinesOrNull(document) : wrong;
        return wrong == null ? Verdict.KEEP : Verdict.refuse(wrong);
    }

    private String wrongWordsOrNull(String document, List<String> words) {
        double length = words.stream()
                        .mapToInt(word -> word.codePointCount(0, word.length()))
                        .sum()
                / (double) words.size();
        if (length < minWordLength || length > maxWordLength) {
            return String.format(
                    Locale.ROOT,
                    "words of %.2f characters on average, not %s to %s",
                    length,
                    minWordLength,
                    maxWordLength);
        }
        double hashes = count(document, "#") / (double) words.size();
        double ellipses = (count(document, "...") + count(document, "\u2026")) / (double) words.size();
        if (hashes > maxSymbols || ellipses > maxSymbols) {
            return above(
                    hashes > maxSymbols ? "hash signs by word" : "ellipses by word",
                    Math.max(hashes, ellipses),
                    maxSymbols);
        }
        double alphabetic = words.stream()
                        .filter(word -> word.codePoints().anyMatch(Character::isLetter))
                        .count()
                / (double) words.size();
        if (alphabetic < minAlphabetic) {
            return String.format(Locale.ROOT, "%.3f of the words have a letter, below %s", alphabetic, minAlphabetic);
        }
        long stopWords = words.stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(STOP_WORDS::contains)
                .distinct()
                .count();
        return stopWords < minStopWords ? stopWords + " common English words, fewer than " + minStopWords : null;
    }

    private String wrongLinesOrNull(String document) {
        List<String> lines = document.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        double bullets = lines.stream()
                        .filter(line -> BULLETS.indexOf(line.charAt(0)) >= 0)
                        .count()
                / (double) lines.size();
        if (bullets > maxBullets) {
            return above("of the lines begin with a bullet", bullets, maxBullets);
        }
        double ellipses = lines.stream()
                        .filter(line -> line.endsWith("...") || line.endsWith("\u2026"))
                        .count()
                / (double) lines.size();
        return ellipses > maxEllipses ? above("of the lines end with an ellipsis", ellipses, maxEllipses) : null;
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static String above(String what, double share, double most) {
        return String.format(Locale.ROOT, "%.3f %s, above %s", share, what, most);
    }
}
