package io.apus.corpus.filter.duplicate;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.schemas.data.SampleKey;

/** Of the samples with equal {@link ContentHash} keeps the one with the smallest key (and its copies). */
public record ExactDuplicateFilter() implements WholeSetFilter {
    public static final String REASON = "exact_duplicate";

    /** It has no options. */
    public static WholeSetFilter of(FilterOptions options) {
        return new ExactDuplicateFilter();
    }

    @Override
    public String reason() {
        return REASON;
    }

    /** The detail of a refused sample, whose content {@code kept} has already. */
    public static String detail(SampleKey kept) {
        return "the same as " + kept.id();
    }
}
