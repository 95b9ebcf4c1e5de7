package io.apus.corpus.filter.text;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules by which C4 was cleaned (Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
 * Transformer", section 2.2), for samples of English plain text; others pass. Lines without a sentence's end, with too few words, about
 * JavaScript or policies are dropped and citation marks removed; pages with too few sentences left, with placeholder text or with curly
 * brackets are refused. The paper's list of bad words is for {@code blocklist}, its repeated spans are for the duplicate filters.
 *
 * @param minSentences fewest sentences of a page
 * @param minWordsPerLine fewest words of a line
 * @param dropLines whether lines are dropped; else pages are judged as they are
 */
public record C4Filter(int minSentences, int minWordsPerLine, boolean dropLines) implements SampleFilter {
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?]+[\"'\u201d\u2019)\\]]*(?=\\s|$)");
    private static final Pattern CITATION = Pattern.compile("\\[(?:\\d{1,4}|edit|citation needed)\\]");
    private static final String LINE_ENDS = ".!?\"\u201d";
    private static final List<String> POLICY =
            List.of("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies");

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        return new C4Filter(
                options.integer("min_sentences", 3, "fewest sentences of a page"),
                options.integer("min_words_per_line", 5, "fewest words of a line that stays"),
                options.flag("drop_lines", true, "drop lines that are no sentences, and citation marks"));
    }

    @Override
    public String reason() {
        return "c4";
    }

    @Override
    public boolean edits() {
        return dropLines;
    }

    @Override
    public Verdict judge(Sample sample) {
        Optional<String> page = TextOf.PLAIN_TEXT.of(sample);
        if (page.isEmpty()) {
            return Verdict.KEEP;
        }
        String text = page.get();
        if (text.toLowerCase(Locale.ROOT).contains("lorem ipsum")) {
            return Verdict.refuse("has placeholder text (lorem ipsum)");
        }
        if (text.indexOf('{') >= 0) {
            return Verdict.refuse("has a curly bracket");
        }
        Map<String, Long> edits = new TreeMap<>();
        String cleaned = dropLines ? clean(text, edits) : text;
        long sentences = SENTENCE_END.matcher(cleaned).results().count();
        if (sentences < minSentences) {
            return Verdict.refuse(sentences + " sentences, fewer than " + minSentences);
        }
        return edits.isEmpty() ? Verdict.KEEP : new Verdict.Edit(with(sample, cleaned), edits);
    }

    private String clean(String text, Map<String, Long> edits) {
        List<String> kept = new ArrayList<>();
        text.lines().forEach(line -> {
            if (line.isBlank() || isSentence(line)) {
                kept.add(withoutCitations(line, edits));
            } else {
                edits.merge("c4_line", 1L, Long::sum);
            }
        });
        return String.join("\n", kept).strip();
    }

    private boolean isSentence(String line) {
        String bare = line.strip();
        String lower = bare.toLowerCase(Locale.ROOT);
        return LINE_ENDS.indexOf(bare.charAt(bare.length() - 1)) >= 0
                && bare.split("\\s+", -1).length >= minWordsPerLine
                && !lower.contains("javascript")
                && POLICY.stream().noneMatch(lower::contains);
    }

    private static String withoutCitations(String line, Map<String, Long> edits) {
        Matcher citations = CITATION.matcher(line);
        long found = citations.results().count();
        if (found == 0) {
            return line;
        }
        edits.merge("c4_citation", found, Long::sum);
        return citations.replaceAll("");
    }

    private static Sample with(Sample sample, String content) {
        Message turn = sample.messages().get(0);
        return new Sample(
                sample.key(),
                sample.split(),
                List.of(new Message(turn.role(), content, turn.loss(), turn.lossScale())),
                sample.rejectedMessages(),
                sample.positiveMessages(),
                sample.negativeMessages(),
                sample.label(),
                sample.margin(),
                sample.tools(),
                sample.media(),
                sample.channel(),
                sample.extra());
    }
}
