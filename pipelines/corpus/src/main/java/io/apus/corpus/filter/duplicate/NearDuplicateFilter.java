package io.apus.corpus.filter.duplicate;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.WholeSetFilter;
import java.util.List;

/**
 * Keeps one sample of each group of near duplicates. Two samples are near duplicates when the sets of their word n-grams have a Jaccard
 * similarity of at least {@code threshold}; pairs are found by {@link MinHash} signatures in {@link Bands} and then compared exactly;
 * groups are what such pairs connect.
 *
 * @param threshold least Jaccard similarity
 * @param ngram words of a shingle
 * @param permutations length of a signature
 * @param keep which sample of a group stays: longest, first or quality
 * @param qualityColumn extra column with the number that {@code quality} compares
 * @param neighbours how many of its neighbours a sample is compared with in one bucket, which bounds the work that boilerplate makes
 */
public record NearDuplicateFilter(
        double threshold, int ngram, int permutations, String keep, String qualityColumn, int neighbours)
        implements WholeSetFilter {
    public static final String REASON = "near_duplicate";
    public static final String LONGEST = "longest";
    public static final String FIRST = "first";
    public static final String QUALITY = "quality";

    /** Reads the options. */
    public static WholeSetFilter of(FilterOptions options) {
        double threshold = options.share("threshold", 0.8, "least Jaccard similarity of two near duplicates");
        options.require(threshold > 0, "threshold", "must be above 0");
        int ngram = options.integer("ngram", 5, "words of a shingle");
        options.require(ngram > 0, "ngram", "must be above 0");
        int permutations = options.integer("permutations", 128, "MinHash values of a signature");
        options.require(
                permutations >= 16 && permutations <= 4096,
                "permutations",
                "must be from 16 to 4096, is " + permutations);
        String keep = options.choice(
                "keep",
                LONGEST,
                List.of(LONGEST, FIRST, QUALITY),
                "which of a group stays: longest (most characters), first, quality (highest quality_column)");
        String column = options.text("quality_column", "extra column with a number, for keep: quality");
        options.require(
                !keep.equals(QUALITY) || !column.isEmpty(),
                "quality_column",
                "name the column that keep: quality compares");
        int neighbours = options.integer(
                "neighbours", 64, "samples that each is compared with in one bucket; bounds what boilerplate costs");
        options.require(neighbours > 0, "neighbours", "must be above 0");
        return new NearDuplicateFilter(threshold, ngram, permutations, keep, column, neighbours);
    }

    @Override
    public String reason() {
        return REASON;
    }
}
