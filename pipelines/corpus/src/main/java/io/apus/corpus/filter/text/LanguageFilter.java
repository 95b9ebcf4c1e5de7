package io.apus.corpus.filter.text;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import com.github.pemistahl.lingua.api.Language;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Sample;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses samples in other languages than those wanted. The languages are told apart by lingua (75 of them) with n-grams of up to three
 * characters, once per executor: 77 MB of heap where longer n-grams take 1.1 GB, and the same on texts of 120 characters or more.
 *
 * @param keep ISO 639-1 codes of the languages that stay
 * @param minDistance how far the best language must be ahead of the next, 0 to 1
 * @param minLetters samples with fewer letters are too short to tell, and stay
 * @param text which text is looked at
 */
public record LanguageFilter(List<String> keep, double minDistance, int minLetters, TextOf text)
        implements SampleFilter {
    /** Longer texts are judged by their beginning, more of which changes nothing. */
    private static final int LOOKED_AT = 400;

    private static final List<String> KNOWN = Arrays.stream(IsoCode639_1.values())
            .map(code -> code.toString().toLowerCase(Locale.ROOT))
            .filter(code -> code.length() == 2)
            .toList();

    public LanguageFilter {
        keep = List.copyOf(keep);
    }

    /** The models, loaded when the first sample of this process is judged. */
    private static final class Detector {
        static final LanguageDetector INSTANCE =
                LanguageDetectorBuilder.fromAllLanguages().withLowAccuracyMode().build();
    }

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        List<String> keep =
                options.choices("keep", List.of(), KNOWN, "ISO 639-1 codes of the languages that stay; must be given");
        options.require(!keep.isEmpty(), "keep", "name the languages that stay, e.g. [en, de]");
        return new LanguageFilter(
                keep,
                options.share(
                        "min_distance", 0, "how far the likeliest language must be ahead of the next, from 0 to 1"),
                options.integer("min_letters", 20, "samples with fewer letters are too short to tell, and stay"),
                TextOf.read(options, TextOf.ALL));
    }

    @Override
    public String reason() {
        return "language";
    }

    @Override
    public Verdict judge(Sample sample) {
        Optional<String> whole = text.of(sample);
        if (whole.isEmpty() || letters(whole.get()) < minLetters) {
            return Verdict.KEEP;
        }
        Iterator<Map.Entry<Language, Double>> ranking = Detector.INSTANCE
                .computeLanguageConfidenceValues(beginning(whole.get()))
                .entrySet()
                .iterator();
        if (!ranking.hasNext()) {
            return Verdict.KEEP;
        }
        String best = code(ranking.next().getKey());
        Map.Entry<Language, Double> next = ranking.hasNext() ? ranking.next() : null;
        double distance = next == null ? 1 : 1 - next.getValue();
        if (!keep.contains(best)) {
            return Verdict.refuse("reads as " + best + ", not as " + String.join(", ", keep));
        }
        return distance >= minDistance
                ? Verdict.KEEP
                : Verdict.refuse(String.format(
                        Locale.ROOT, "reads as %s, but only %.3f ahead of %s", best, distance, code(next.getKey())));
    }

    private static String beginning(String text) {
        return text.length() <= LOOKED_AT
                ? text
                : text.substring(0, LOOKED_AT - (Character.isHighSurrogate(text.charAt(LOOKED_AT - 1)) ? 1 : 0));
    }

    private long letters(String text) {
        return text.codePoints().filter(Character::isLetter).limit(minLetters).count();
    }

    private static String code(Language language) {
        return language.getIsoCode639_1().toString().toLowerCase(Locale.ROOT);
    }
}
