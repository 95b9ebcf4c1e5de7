package io.apus.corpus.filter.text;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The repetition rules of MassiveText (Rae et al. 2021, table A1), with the paper's thresholds. What occurs for the first time is no
 * duplicate. They suit documents: in short answers a repeated pair of words is soon a fifth of the text.
 *
 * @param thresholds the rules in the order in which they are applied
 */
public record GopherRepetitionFilter(List<Threshold> thresholds, TextOf text) implements SampleFilter {
    private static final double[] TOP = {0.20, 0.18, 0.16};
    private static final double[] DUPLICATE = {0.15, 0.14, 0.13, 0.12, 0.11, 0.10};

    /** A rule of the table. */
    enum Kind {
        LINES,
        PARAGRAPHS,
        LINE_CHARACTERS,
        PARAGRAPH_CHARACTERS,
        TOP_NGRAM,
        DUPLICATE_NGRAMS
    }

    /** A rule with its largest share; {@code width} is the number of words of an n-gram, or 0. */
    record Threshold(Kind kind, int width, double most, String what) implements java.io.Serializable {}

    public GopherRepetitionFilter {
        thresholds = List.copyOf(thresholds);
    }

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        List<Threshold> rules = new ArrayList<>();
        add(rules, options, Kind.LINES, 0, "duplicate_lines", 0.30, "of the lines are repetitions");
        add(rules, options, Kind.PARAGRAPHS, 0, "duplicate_paragraphs", 0.30, "of the paragraphs are repetitions");
        add(
                rules,
                options,
                Kind.LINE_CHARACTERS,
                0,
                "duplicate_line_characters",
                0.20,
                "of the characters are in repeated lines");
        add(
                rules,
                options,
                Kind.PARAGRAPH_CHARACTERS,
                0,
                "duplicate_paragraph_characters",
                0.20,
                "of the characters are in repeated paragraphs");
        for (int width = 2; width <= 4; width++) {
            add(
                    rules,
                    options,
                    Kind.TOP_NGRAM,
                    width,
                    "top_" + width + "gram",
                    TOP[width - 2],
                    "of the characters are in the most frequent " + width + "-gram");
        }
        for (int width = 5; width <= 10; width++) {
            add(
                    rules,
                    options,
                    Kind.DUPLICATE_NGRAMS,
                    width,
                    "duplicate_" + width + "grams",
                    DUPLICATE[width - 5],
                    "of the characters are in repeated " + width + "-grams");
        }
        return new GopherRepetitionFilter(rules, TextOf.read(options, TextOf.PLAIN_TEXT));
    }

    private static void add(
            List<Threshold> rules, FilterOptions options, Kind kind, int width, String name, double most, String what) {
        rules.add(new Threshold(
                kind, width, options.share(name, most, "largest share " + what.replace(" are", " that are")), what));
    }

    @Override
    public String reason() {
        return "gopher_repetition";
    }

    @Override
    public Verdict judge(Sample sample) {
        return text.of(sample).map(this::judge).orElse(Verdict.KEEP);
    }

    private Verdict judge(String document) {
        Repetition repetition = new Repetition(document);
        for (Threshold rule : thresholds) {
            double share = repetition.share(rule);
            if (share > rule.most()) {
                return Verdict.refuse(String.format(Locale.ROOT, "%.3f %s, above %s", share, rule.what(), rule.most()));
            }
        }
        return Verdict.KEEP;
    }
}
